using FluentValidation;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;
using Tickets.Handlers.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;

namespace Tickets.Handlers;

/// <summary>Removes a ticket.</summary>
public static class DeleteTicketHandler
{
    private const int NoContent = 204;

    /// <summary>Commands on NATS have met no other check.</summary>
    /// <exception cref="ValidationException">The command breaks a rule; it is dead-lettered.</exception>
    public static void Validate(DeleteTicket command) => DeleteTicketValidator.Instance.ValidateAndThrow(command);

    /// <summary>The ticket as it is now.</summary>
    public static Task<Ticket?> LoadAsync(
        DeleteTicket command, CommandContext context, TicketQueries tickets, CancellationToken cancellation) =>
        tickets.LoadAsync(context.Tenant, command.TicketId!.Value, cancellation);

    /// <summary>Decides.</summary>
    public static Decision Handle(DeleteTicket command, Ticket? ticket, CommandContext context)
    {
        if (context.Refuse(command, ticket) is { } refused)
        {
            return refused;
        }

        var deleted = new TicketDeleted(ticket!, context.ActorOr(null));
        var audit = TicketAudit.Of(deleted, ticket, after: null, deleted.Actor, context);
        return new Decision(context, NoContent, Result: null, [new RemoveTicket(ticket!), new AppendAudit(audit)], [deleted, audit]);
    }
}
