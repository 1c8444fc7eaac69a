using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Events;

namespace Tickets.Handlers.Audit;

/// <summary>The events of a change, as its handler sent them, from its audit record.</summary>
public static class RebuiltEvents
{
    /// <summary>The events in their order; the record is the last of them.</summary>
    public static IEnumerable<ITicketMessage> Of(AuditRecorded record) => OfTicket(record).Append(record);

    private static IEnumerable<ITicketMessage> OfTicket(AuditRecorded record) => record switch
    {
        { Before: null, After: { } created } => [new TicketCreated(created, record.Actor)],
        { Before: { } last, After: null } => [new TicketDeleted(last, record.Actor)],
        { After: { } commented, Comment: { } comment } => [new TicketCommented(commented, comment, record.Actor)],
        { Before: { } before, After: { } after } => TicketPatch.Events(before, WithTagsOf(before, after), record.Actor),
        _ => [],
    };

    // A change keeps the very list of tags that it does not change.
    private static Ticket WithTagsOf(Ticket before, Ticket after) =>
        after.Tags.SequenceEqual(before.Tags, StringComparer.Ordinal) ? after with { Tags = before.Tags } : after;
}
