namespace Tickets.Contracts.Notifications;

/// <summary>A notification reached its channel.</summary>
/// <param name="Id">The identity of the <see cref="NotificationRequested"/>.</param>
/// <param name="TicketId">The ticket it is about.</param>
/// <param name="Reason">Why somebody was told.</param>
/// <param name="Channel">The channel's name, such as <c>log</c>.</param>
/// <param name="DeliveredAt">When, in UTC.</param>
/// <param name="Ticket">The ticket as it was told of; null in events of earlier versions.</param>
/// <param name="Actor">Who made the change that was told of; null in events of earlier versions.</param>
public sealed record NotificationDelivered(
    Guid Id, Guid TicketId, NotificationReason Reason, string Channel, DateTimeOffset DeliveredAt, Ticket? Ticket, string? Actor) : ITicketMessage
{
    /// <summary>The version of <see cref="Ticket"/>.</summary>
    public int? Version => Ticket?.Version;
}
