namespace Tickets.Contracts.Audit;

/// <summary>One change, for the append-only audit trail.</summary>
/// <param name="Id">The record's identity, a UUID version 7; repeats of it are written once.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Action">What was done: the event's wire name, such as <c>ticket.created</c>.</param>
/// <param name="OccurredAt">When, in UTC.</param>
/// <param name="TicketId">To which ticket.</param>
/// <param name="Version">The ticket's version after the change.</param>
/// <param name="Before">The ticket before the change; null when it is new.</param>
/// <param name="After">The ticket after the change; null when it is gone.</param>
/// <param name="Door">By which way the command came.</param>
/// <param name="CommandId">The command's identity.</param>
/// <param name="TraceId">The trace it belongs to (W3C Trace Context), when there is one.</param>
public sealed record AuditRecorded(
    Guid Id,
    string Tenant,
    string Actor,
    string Action,
    DateTimeOffset OccurredAt,
    Guid TicketId,
    int Version,
    Ticket? Before,
    Ticket? After,
    Door Door,
    Guid CommandId,
    string? TraceId) : ITicketMessage
{
    /// <summary>The comment, when the change was one.</summary>
    public Comment? Comment { get; init; }
}
