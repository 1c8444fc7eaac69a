using System.Text.Json.Serialization;

namespace Tickets.Contracts.Events;

/// <summary>Title, description, priority, tags or due date of a ticket changed.</summary>
/// <param name="Ticket">The ticket as it is now.</param>
/// <param name="Before">The ticket as it was.</param>
/// <param name="Changed">The JSON names of what changed.</param>
/// <param name="Actor">Who did it.</param>
public sealed record TicketUpdated(Ticket Ticket, Ticket Before, IReadOnlyList<string> Changed, string Actor) : ITicketMessage
{
    /// <summary>The ticket's version after the change.</summary>
    public int Version => Ticket.Version;

    /// <inheritdoc/>
    [JsonIgnore]
    public Guid TicketId => Ticket.Id;
}
