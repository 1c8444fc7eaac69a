using System.Text.Json.Serialization;

namespace Tickets.Contracts.Notifications;

/// <summary>Somebody is to be told about a ticket.</summary>
/// <param name="Id">The notification's identity, a UUID version 7; repeats of it are delivered once.</param>
/// <param name="Reason">Why.</param>
/// <param name="Ticket">The ticket at that time.</param>
public sealed record NotificationRequested(Guid Id, NotificationReason Reason, Ticket Ticket) : ITicketMessage
{
    /// <inheritdoc/>
    [JsonIgnore]
    public Guid TicketId => Ticket.Id;
}
