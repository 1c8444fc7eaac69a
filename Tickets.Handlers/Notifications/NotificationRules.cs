using Tickets.Contracts;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Records;

namespace Tickets.Handlers.Notifications;

/// <summary>
/// What a change asks for: when a ticket becomes severe, when it gets an assignee, and when it is resolved. A ticket that
/// was severe before does not ask again.
/// </summary>
public sealed class NotificationRules
{
    private readonly NotificationOptions _options;
    private readonly WholeWords _severe;

    /// <summary>Rules by configuration.</summary>
    public NotificationRules(NotificationOptions options)
    {
        _options = options;
        _severe = new WholeWords(options.SevereWords);
    }

    /// <summary>What a change asks for.</summary>
    /// <param name="before">The ticket before the change; null when it is new.</param>
    /// <param name="after">The ticket after the change.</param>
    /// <param name="actor">Who made it.</param>
    public IEnumerable<NotificationRequested> Apply(Ticket? before, Ticket after, string actor)
    {
        IEnumerable<(NotificationReason Reason, string? Recipient, bool Asked)> reasons =
        [
            (NotificationReason.Severe, null, IsSevere(after) && (before is null || !IsSevere(before))),
            (NotificationReason.Assigned, after.Assignee, after.Assignee is not null && after.Assignee != before?.Assignee),
            (NotificationReason.Resolved, after.CreatedBy, after.Status == TicketStatus.Resolved && before?.Status != TicketStatus.Resolved),
        ];
        return
            from asked in reasons
            where asked.Asked
            from channel in _options.Channels.GetValueOrDefault(asked.Reason, [])
            select new NotificationRequested(TimedId.New(after.UpdatedAt), asked.Reason, channel, asked.Recipient, after, actor);
    }

    private bool IsSevere(Ticket ticket) =>
        ticket.Priority == TicketPriority.Critical
        || _severe.AreIn(ticket.Title) || _severe.AreIn(ticket.Description);
}
