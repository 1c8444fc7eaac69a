using Tickets.Handlers.Storage;

namespace Tickets.Api.Commands;

/// <summary>Waits for the outcome of a command whose reply is somebody else's: for its row in the ledger.</summary>
public sealed class OutcomeWaiting(Ledger ledger)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns the outcome, or null when there is none yet.</summary>
    public async Task<LedgerEntry?> WaitAsync(CommandKey key, TimeSpan limit)
    {
        for (var left = limit; ; left -= BetweenLooks)
        {
            if (await FindAsync(key) is { } entry)
            {
                return entry;
            }

            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await Task.Delay(left < BetweenLooks ? left : BetweenLooks);
        }
    }

    // The command is in the stream already: that its row can't be read now says nothing of it.
    private async Task<LedgerEntry?> FindAsync(CommandKey key)
    {
        try
        {
            return await ledger.FindAsync(key, CancellationToken.None);
        }
        catch (Exception e) when (StorageFaults.MayPass(e))
        {
            return null;
        }
    }
}
