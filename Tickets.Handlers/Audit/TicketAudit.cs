using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Records;

namespace Tickets.Handlers.Audit;

/// <summary>Writes down who changed what.</summary>
internal static class TicketAudit
{
    /// <summary>The record of a command's change.</summary>
    /// <param name="fact">The event that names the change; of several, the first.</param>
    /// <param name="before">The ticket before; null when it is new.</param>
    /// <param name="after">The ticket after; null when it is gone.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="context">The command's circumstances.</param>
    public static AuditRecorded Of(ITicketMessage fact, Ticket? before, Ticket? after, string actor, CommandContext context) => new(
        TimedId.New(context.Now),
        context.Tenant,
        actor,
        WireNames.Events[fact.GetType()],
        context.Now,
        fact.TicketId,
        after?.Version ?? before!.Version + 1,
        before,
        after,
        context.Door,
        context.CommandId,
        context.TraceId);
}
