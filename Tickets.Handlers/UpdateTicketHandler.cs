using FluentValidation;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Audit;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;

namespace Tickets.Handlers;

/// <summary>Changes a ticket.</summary>
public static class UpdateTicketHandler
{
    private const int Ok = 200;

    /// <summary>Commands on NATS have met no other check.</summary>
    /// <exception cref="ValidationException">The command breaks a rule; it is dead-lettered.</exception>
    public static void Validate(UpdateTicket command) => UpdateTicketValidator.Instance.ValidateAndThrow(command);

    /// <summary>The ticket as it is now.</summary>
    public static Task<Ticket?> LoadAsync(
        UpdateTicket command, CommandContext context, TicketQueries tickets, CancellationToken cancellation) =>
        tickets.LoadAsync(context.Tenant, command.TicketId!.Value, cancellation);

    /// <summary>Decides. A patch that changes nothing is answered with the ticket as it is.</summary>
    public static Decision Handle(UpdateTicket command, Ticket? ticket, CommandContext context, NotificationRules rules)
    {
        if (context.Refuse(command, ticket) is { } refused)
        {
            return refused;
        }

        var before = ticket!;
        if (command.Status.Value is { } wanted && !TicketLife.CanChange(before.Status, wanted))
        {
            return context.Refused(TicketProblems.InvalidTransition(before.Status, wanted));
        }

        var after = TicketPatch.Apply(command, before, context.Now);
        return after == before ? new Decision(context, Ok, before, [], []) : Changed(before, after, context, rules);
    }

    private static Decision Changed(Ticket before, Ticket after, CommandContext context, NotificationRules rules)
    {
        var actor = context.ActorOr(null);
        var events = TicketPatch.Events(before, after, actor).ToArray();
        var audit = TicketAudit.Of(events[0], before, after, actor, context);
        return new Decision(
            context,
            Ok,
            after,
            [new ReplaceTicket(after), new AppendAudit(audit)],
            [.. events, audit, .. rules.Apply(before, after, actor)]);
    }
}
