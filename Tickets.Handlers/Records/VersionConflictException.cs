namespace Tickets.Handlers.Records;

/// <summary>Another command changed the ticket after this one had read it. Deciding anew helps.</summary>
/// <param name="ticketId">The ticket.</param>
public sealed class VersionConflictException(Guid ticketId) : Exception($"Ticket {ticketId} was changed meanwhile.")
{
    /// <summary>The ticket.</summary>
    public Guid TicketId { get; } = ticketId;
}
