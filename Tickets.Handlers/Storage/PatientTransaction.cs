using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Storage;

/// <summary>Commits groups; while the database is at fault it tries again, for as long as that lasts.</summary>
internal sealed partial class PatientTransaction(Database database, ILogger logger) : IDisposable
{
    private readonly IGroupTransaction _transaction = database.OpenGroup();
    private volatile Exception? _lastFault;

    public Exception? LastFault => _lastFault;

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
        if (giveUp.IsCancellationRequested && _lastFault is { } lasting)
        {
            throw new ObjectDisposedException($"{nameof(GroupCommitter)} has stopped while the database could not be written.", lasting);
        }

        try
        {
            await _transaction.CommitAsync(group);
            Report(null);
            return true;
        }
        catch (Exception e) when (StorageFaults.MayPass(e))
        {
            Report(e);
            return false;
        }
    }

    // One line when it begins and one when it ends, whatever number of tries lies between.
    private void Report(Exception? fault)
    {
        var before = _lastFault;
        _lastFault = fault;
        if (before is null && fault is not null)
        {
            LogFault(logger, fault);
        }
        else if (before is not null && fault is null)
        {
            LogWell(logger);
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "The database can't be written; trying again until it can")]
    private static partial void LogFault(ILogger logger, Exception exception);

    [LoggerMessage(3002, LogLevel.Information, "The database can be written again")]
    private static partial void LogWell(ILogger logger);
}
