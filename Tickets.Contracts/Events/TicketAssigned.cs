using System.Text.Json.Serialization;

namespace Tickets.Contracts.Events;

/// <summary>A ticket got another assignee, or none any more.</summary>
/// <param name="Ticket">The ticket as it is now.</param>
/// <param name="Assignee">Who has it now; null when nobody has.</param>
/// <param name="PreviousAssignee">Who had it; null when nobody had.</param>
/// <param name="Actor">Who did it.</param>
public sealed record TicketAssigned(Ticket Ticket, string? Assignee, string? PreviousAssignee, string Actor) : ITicketMessage
{
    /// <summary>The ticket's version after the change.</summary>
    public int Version => Ticket.Version;

    /// <inheritdoc/>
    [JsonIgnore]
    public Guid TicketId => Ticket.Id;
}
