using System.Text.Json.Serialization;

namespace Tickets.Contracts.Events;

/// <summary>Somebody commented on a ticket.</summary>
/// <param name="Ticket">The ticket, which the comment did not change.</param>
/// <param name="Comment">The comment.</param>
/// <param name="Actor">Who did it.</param>
public sealed record TicketCommented(Ticket Ticket, Comment Comment, string Actor) : ITicketMessage
{
    /// <summary>The ticket's version.</summary>
    public int Version => Ticket.Version;

    /// <inheritdoc/>
    [JsonIgnore]
    public Guid TicketId => Ticket.Id;
}
