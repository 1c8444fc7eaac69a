using System.Text.Json.Serialization;

namespace Tickets.Contracts.Events;

/// <summary>A ticket was opened.</summary>
/// <param name="Ticket">The ticket as it is now.</param>
/// <param name="Actor">Who did it.</param>
public sealed record TicketCreated(Ticket Ticket, string Actor) : ITicketMessage
{
    /// <summary>The ticket's version after the change.</summary>
    public int Version => Ticket.Version;

    /// <inheritdoc/>
    [JsonIgnore]
    public Guid TicketId => Ticket.Id;
}
