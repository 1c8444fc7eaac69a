using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Storage;

/// <summary>Commits groups; while the database is at fault it tries again, for as long as that lasts.</summary>
internal sealed partial class PatientTransaction(Database database, ILogger logger) : IDisposable
{
    private readonly IGroupTransaction _transaction = database.OpenGroup();
    private readonly LastingFault _fault = new(fault => LogFault(logger, fault), () => LogWell(logger));

    public Exception? LastFault => _fault.Last;

    /// <exception cref="ObjectDisposedException">It was told to give up while the fault lasted.</exception>
    /// <exception cref="Exception">The group can't be committed, now or later. Nothing of it is written.</exception>
    public async Task CommitAsync(IReadOnlyList<PendingUnit> group, CancellationToken giveUp)
    {
        var pause = new GrowingPause();
        while (!await TryCommitAsync(group, giveUp))
        {
            await pause.WaitAsync(giveUp);
        }
    }

    public void Dispose() => _transaction.Dispose();

    private async Task<bool> TryCommitAsync(IReadOnlyList<PendingUnit> group, CancellationToken giveUp)
    {
        if (giveUp.IsCancellationRequested && _fault.Last is { } lasting)
        {
            throw new ObjectDisposedException($"{nameof(GroupCommitter)} has stopped while the database could not be written.", lasting);
        }

        try
        {
            await _transaction.CommitAsync(group);
            _fault.Report(null);
            return true;
        }
        catch (Exception e) when (StorageFaults.IsCollision(e))
        {
            return false;
        }
        catch (Exception e) when (StorageFaults.MayPass(e))
        {
            _fault.Report(e);
            return false;
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "The database can't be written; trying again until it can")]
    private static partial void LogFault(ILogger logger, Exception exception);

    [LoggerMessage(3002, LogLevel.Information, "The database can be written again")]
    private static partial void LogWell(ILogger logger);
}
