namespace Tickets.Contracts.Notifications;

/// <summary>What became of a notification.</summary>
/// <param name="Id">Its identity, a UUID version 7.</param>
/// <param name="TicketId">The ticket it is about.</param>
/// <param name="Reason">Why somebody is told.</param>
/// <param name="Channel">By which channel.</param>
/// <param name="Recipient">Who; null for whoever the channel is set up to tell.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="RequestedAt">When it was taken up, in UTC.</param>
/// <param name="SettledAt">When it was delivered, given up or left out; null while it is pending.</param>
/// <param name="Error">Why it was given up.</param>
public sealed record Notification(
    Guid Id,
    Guid TicketId,
    NotificationReason Reason,
    string Channel,
    string? Recipient,
    NotificationStatus Status,
    DateTimeOffset RequestedAt,
    DateTimeOffset? SettledAt,
    string? Error);
