using System.Text.Json.Serialization;

namespace Tickets.Contracts.Events;

/// <summary>A ticket was removed.</summary>
/// <param name="Ticket">The ticket as it was last.</param>
/// <param name="Actor">Who did it.</param>
public sealed record TicketDeleted(Ticket Ticket, string Actor) : ITicketMessage
{
    /// <summary>One more than the ticket's last version, so that the removal is the latest of its changes.</summary>
    public int Version => Ticket.Version + 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public Guid TicketId => Ticket.Id;
}
