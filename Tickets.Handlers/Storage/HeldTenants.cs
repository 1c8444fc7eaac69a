using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Storage;

/// <summary>
/// The units of tenants whose rows another session holds, such as an operator's open transaction. They are tried one by one, each as long
/// as the database waits for a row, until all of a tenant are written; what comes for it meanwhile stands in line behind them. A unit
/// that needs other rows gets through. Other tenants do not notice.
/// </summary>
/// <param name="database">Where to.</param>
/// <param name="logger">Told when a tenant's rows are held and when they are free again.</param>
/// <param name="giveUp">Ends the waiting: the process stops.</param>
internal sealed partial class HeldTenants(Database database, ILogger logger, CancellationToken giveUp)
{
    // Each has a connection, and most of them only to wait.
    private const int MostAtOnce = 4;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turns = new(MostAtOnce);
    private readonly Dictionary<string, (Queue<PendingUnit> Waiting, Task Writing)> _lines = [];

    /// <summary>Ends when nobody waits any more.</summary>
    public Task Completion
    {
        get
        {
            lock (_gate)
            {
                return Task.WhenAll(_lines.Values.Select(line => line.Writing));
            }
        }
    }

    /// <summary>Takes a unit whose tenant's earlier ones wait; false when there are none.</summary>
    public bool TryTake(PendingUnit pending)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(pending.Tenant, out var line))
            {
                return false;
            }

            line.Waiting.Enqueue(pending);
            return true;
        }
    }

    /// <summary>Takes a unit that is held up.</summary>
    public void Hold(PendingUnit pending)
    {
        if (TryTake(pending))
        {
            return;
        }

        var tenant = pending.Tenant;
        LogHeld(logger, pending.Fault!, tenant);
        lock (_gate)
        {
            _lines[tenant] = (new Queue<PendingUnit>([pending]), Task.Run(() => WriteAsync(tenant)));
        }
    }

    private async Task WriteAsync(string tenant)
    {
        using var transaction = new PatientTransaction(database, logger);
        while (Next(tenant) is { } pending)
        {
            if (giveUp.IsCancellationRequested)
            {
                pending.Fail(new ObjectDisposedException($"{nameof(GroupCommitter)} has stopped while its rows were held.", pending.Fault));
                continue;
            }

            await TryAsync(transaction, pending);
            if (pending.IsHeldUp)
            {
                TryTake(pending);
            }
            else
            {
                pending.Complete();
            }
        }

        LogFree(logger, tenant);
    }

    private PendingUnit? Next(string tenant)
    {
        lock (_gate)
        {
            if (_lines[tenant].Waiting.TryDequeue(out var pending))
            {
                return pending;
            }

            _lines.Remove(tenant);
            return null;
        }
    }

    private async Task TryAsync(PatientTransaction transaction, PendingUnit pending)
    {
        await _turns.WaitAsync(CancellationToken.None);
        try
        {
            await transaction.CommitAsync([pending], giveUp);
        }
#pragma warning disable CA1031 // Whatever it is, who waits must be told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            pending.Fault = e;
        }
        finally
        {
            _turns.Release();
        }
    }

    [LoggerMessage(3005, LogLevel.Warning, "Another session of the database holds rows of tenant '{Tenant}'; its commands wait until it lets go, those of others go on")]
    private static partial void LogHeld(ILogger logger, Exception exception, string tenant);

    [LoggerMessage(3006, LogLevel.Information, "What waited for rows of tenant '{Tenant}' is written")]
    private static partial void LogFree(ILogger logger, string tenant);
}
