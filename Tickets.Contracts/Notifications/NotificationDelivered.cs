namespace Tickets.Contracts.Notifications;

/// <summary>A notification reached its channel.</summary>
/// <param name="Id">The identity of the <see cref="NotificationRequested"/>.</param>
/// <param name="TicketId">The ticket it is about.</param>
/// <param name="Reason">Why somebody was told.</param>
/// <param name="Channel">The channel's name, such as <c>log</c>.</param>
/// <param name="DeliveredAt">When, in UTC.</param>
public sealed record NotificationDelivered(Guid Id, Guid TicketId, NotificationReason Reason, string Channel, DateTimeOffset DeliveredAt)
    : ITicketMessage;
