using FluentValidation;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;
using Tickets.Handlers.Audit;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;

namespace Tickets.Handlers;

/// <summary>Opens a ticket.</summary>
public static class CreateTicketHandler
{
    private const int Created = 201;

    /// <summary>Commands on NATS have met no other check.</summary>
    /// <exception cref="ValidationException">The command breaks a rule; it is dead-lettered.</exception>
    public static void Validate(CreateTicket command) => CreateTicketValidator.Instance.ValidateAndThrow(command);

    /// <summary>Decides; nothing is stored or sent before the decision is committed.</summary>
    public static Decision Handle(CreateTicket command, CommandContext context, NotificationRules rules)
    {
        var ticket = Open(command, context);
        var created = new TicketCreated(ticket, context.ActorOr(ticket.CreatedBy));
        var audit = TicketAudit.Of(created, before: null, ticket, created.Actor, context);
        return new Decision(
            context,
            Created,
            ticket,
            [new InsertTicket(ticket), new AppendAudit(audit)],
            [created, audit, .. rules.Apply(before: null, ticket, created.Actor)]);
    }

    private static Ticket Open(CreateTicket command, CommandContext context) => new()
    {
        Id = TimedId.New(context.Now),
        Tenant = context.Tenant,
        Title = command.Title!.Trim(),
        Description = command.Description,
        Status = TicketStatus.Open,
        Priority = command.Priority ?? TicketPriority.Medium,
        CreatedBy = command.CreatedBy!.Trim(),
        Assignee = command.Assignee?.Trim(),
        Tags = TicketRules.ToSet(command.Tags),
        DueAt = command.DueAt?.ToUniversalTime(),
        Version = 1,
        CreatedAt = context.Now,
        UpdatedAt = context.Now,
    };
}
