namespace Tickets.Handlers.Storage;

/// <summary>
/// Reads for a message that is being handled. It waits in place as the committer does (ADR 4): to give the delivery back
/// would count as one more, and after too many it would be given up.
/// </summary>
internal static class PatientReading
{
    /// <summary>Asks; while the database is at fault, again, for as long as that lasts.</summary>
    /// <param name="ask">The reading.</param>
    /// <param name="giveUp">Ends the waiting; the last fault is thrown then.</param>
    public static async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken giveUp)
    {
        var pause = new GrowingPause();
        while (true)
        {
            try
            {
                return await ask(giveUp);
            }
            catch (Exception e) when (StorageFaults.MayPass(e) && !giveUp.IsCancellationRequested)
            {
                await pause.WaitAsync(giveUp);
            }
        }
    }
}
