namespace Tickets.Handlers.Records;

/// <summary>Another command changed the ticket after this one had read it. Deciding anew helps.</summary>
/// <param name="ticketId">The ticket.</param>
public sealed class VersionConflictException(Guid ticketId) : Exception($"Ticket {ticketId} was changed meanwhile.")
{
    /// <summary>The ticket.</summary>
    public Guid TicketId { get; } = ticketId;

    /// <summary>Throws it unless a statement has met the one row of the ticket's version.</summary>
    /// <exception cref="VersionConflictException">It has met none.</exception>
    internal static void ThrowUnlessOne(int rows, Guid ticketId)
    {
        if (rows != 1)
        {
            throw new VersionConflictException(ticketId);
        }
    }
}
