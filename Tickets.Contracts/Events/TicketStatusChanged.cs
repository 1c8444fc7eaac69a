using System.Text.Json.Serialization;

namespace Tickets.Contracts.Events;

/// <summary>A ticket stands somewhere else.</summary>
/// <param name="Ticket">The ticket as it is now.</param>
/// <param name="Status">Where it stands now.</param>
/// <param name="PreviousStatus">Where it stood.</param>
/// <param name="Actor">Who did it.</param>
public sealed record TicketStatusChanged(Ticket Ticket, TicketStatus Status, TicketStatus PreviousStatus, string Actor) : ITicketMessage
{
    /// <summary>The ticket's version after the change.</summary>
    public int Version => Ticket.Version;

    /// <inheritdoc/>
    [JsonIgnore]
    public Guid TicketId => Ticket.Id;
}
