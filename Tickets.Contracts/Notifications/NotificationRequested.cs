using System.Text.Json.Serialization;

namespace Tickets.Contracts.Notifications;

/// <summary>
/// Somebody is to be told about a ticket by one channel. What goes by several channels is as many requests: each is
/// delivered, tried again and given up on its own.
/// </summary>
/// <param name="Id">The notification's identity, a UUID version 7; repeats of it are delivered once.</param>
/// <param name="Reason">Why.</param>
/// <param name="Channel">By which channel: <c>log</c>, <c>webhook</c> or <c>smtp</c>.</param>
/// <param name="Recipient">Who; null for whoever the channel is set up to tell.</param>
/// <param name="Ticket">The ticket at that time.</param>
/// <param name="Actor">Who made the change that asks for it; null in events of earlier versions.</param>
public sealed record NotificationRequested(
    Guid Id, NotificationReason Reason, string Channel, string? Recipient, Ticket Ticket, string? Actor) : ITicketMessage
{
    /// <summary>The ticket's version.</summary>
    public int Version => Ticket.Version;

    /// <inheritdoc/>
    [JsonIgnore]
    public Guid TicketId => Ticket.Id;
}
