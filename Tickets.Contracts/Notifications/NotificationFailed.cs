namespace Tickets.Contracts.Notifications;

/// <summary>A notification was given up. The next one for the same ticket and reason is delivered again.</summary>
/// <param name="Id">The identity of the <see cref="NotificationRequested"/>.</param>
/// <param name="TicketId">The ticket it is about.</param>
/// <param name="Reason">Why somebody was to be told.</param>
/// <param name="Channel">The channel's name, such as <c>smtp</c>.</param>
/// <param name="Error">What the channel answered last.</param>
/// <param name="FailedAt">When, in UTC.</param>
/// <param name="Ticket">
/// The ticket as it was to be told of, or, of a notification that was lost, as the one has it that takes its place; null in events of
/// earlier versions.
/// </param>
/// <param name="Actor">Who made the change that led to that <paramref name="Ticket"/>; null in events of earlier versions.</param>
public sealed record NotificationFailed(
    Guid Id, Guid TicketId, NotificationReason Reason, string Channel, string Error, DateTimeOffset FailedAt, Ticket? Ticket, string? Actor)
    : ITicketMessage
{
    /// <summary>The version of <see cref="Ticket"/>.</summary>
    public int? Version => Ticket?.Version;
}
