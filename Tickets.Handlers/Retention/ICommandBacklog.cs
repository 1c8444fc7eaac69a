namespace Tickets.Handlers.Retention;

/// <summary>
/// The commands that were accepted and are not acknowledged. Each may have been done already, or repeat one that was done: only the
/// ledger can tell.
/// </summary>
public interface ICommandBacklog
{
    /// <summary>When the oldest of them was accepted, UTC; null when there is none.</summary>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="BacklogUnknownException">Nobody can tell now.</exception>
    Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation);
}
