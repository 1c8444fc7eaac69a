using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Storage;

/// <summary>
/// Reads for messages that are being handled. It waits in place as the committer does (ADR 4): to give the delivery back
/// would count as one more, and after too many it would be given up.
/// </summary>
public sealed partial class PatientReading
{
    private readonly LastingFault _fault;

    /// <summary>One for all readings of a process.</summary>
    /// <param name="logger">Told when the database can't be read and when it can be again.</param>
    public PatientReading(ILogger<PatientReading> logger) => _fault = new LastingFault(fault => LogFault(logger, fault), () => LogWell(logger));

    /// <summary>Asks; while the database is at fault, again, for as long as that lasts.</summary>
    /// <param name="ask">The reading.</param>
    /// <param name="giveUp">Ends the waiting; the last fault is thrown then.</param>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken giveUp)
    {
        var pause = new GrowingPause();
        while (true)
        {
            try
            {
                var answer = await ask(giveUp);
                _fault.Report(null);
                return answer;
            }
            catch (Exception e) when (StorageFaults.MayPass(e) && !giveUp.IsCancellationRequested)
            {
                _fault.Report(e);
                await pause.WaitAsync(giveUp);
            }
        }
    }

    [LoggerMessage(3003, LogLevel.Error, "The database can't be read for what is being handled; trying again until it can")]
    private static partial void LogFault(ILogger logger, Exception exception);

    [LoggerMessage(3004, LogLevel.Information, "The database can be read again")]
    private static partial void LogWell(ILogger logger);
}
