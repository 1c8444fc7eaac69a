namespace Tickets.Contracts.Notifications;

/// <summary>A notification was given up. The next one for the same ticket and reason is delivered again.</summary>
/// <param name="Id">The identity of the <see cref="NotificationRequested"/>.</param>
/// <param name="TicketId">The ticket it is about.</param>
/// <param name="Reason">Why somebody was to be told.</param>
/// <param name="Channel">The channel's name, such as <c>smtp</c>.</param>
/// <param name="Error">What the channel answered last.</param>
/// <param name="FailedAt">When, in UTC.</param>
public sealed record NotificationFailed(
    Guid Id, Guid TicketId, NotificationReason Reason, string Channel, string Error, DateTimeOffset FailedAt) : ITicketMessage;
