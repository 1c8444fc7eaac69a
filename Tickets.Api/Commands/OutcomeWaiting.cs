using Tickets.Handlers.Storage;

namespace Tickets.Api.Commands;

/// <summary>Waits for the outcome of a command whose reply is somebody else's: for its row in the ledger.</summary>
public sealed class OutcomeWaiting(Ledger ledger, TimeProvider clock)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    // Who has no time at all still learns what is known already.
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(1);

    /// <summary>Returns the outcome, or null when there is none in time.</summary>
    /// <param name="key">The command.</param>
    /// <param name="limit">How long to wait. It is looked for once in any case, for a second at most.</param>
    /// <param name="cancellation">Nobody waits any longer.</param>
    public async Task<LedgerEntry?> WaitAsync(CommandKey key, TimeSpan limit, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        using var inTime = new CancellationTokenSource(limit > ShortestLimit ? limit : ShortestLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, cancellation);
        while (true)
        {
            if (await FindAsync(key, either.Token) is { } entry)
            {
                return entry;
            }

            cancellation.ThrowIfCancellationRequested();
            var left = limit - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await Task.Delay(left < BetweenLooks ? left : BetweenLooks, clock, cancellation);
        }
    }

    // The command is in the stream already: that its row can't be read now, or in time, says nothing of it.
    private async Task<LedgerEntry?> FindAsync(CommandKey key, CancellationToken cancellation)
    {
        try
        {
            return await ledger.FindAsync(key, cancellation);
        }
        catch (Exception e) when (StorageFaults.MayPass(e) || e is OperationCanceledException)
        {
            return null;
        }
    }
}
