using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Storage;

/// <summary>
/// The one writer of the database. While one commit runs, the next group gathers; there is no timer. A unit that fails
/// fails alone. While the database itself is at fault, the group is tried again in place for as long as that lasts.
/// </summary>
public sealed partial class GroupCommitter : IAsyncDisposable
{
    private const int LargestGroup = 256;
    private const int LongestQueue = 10_000;
    private static readonly TimeSpan GraceForFaults = TimeSpan.FromSeconds(5);

    private readonly Channel<PendingUnit> _queue = Channel.CreateBounded<PendingUnit>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true });

    private readonly CancellationTokenSource _giveUp = new();
    private readonly GroupTransaction _transaction;
    private readonly ILogger _logger;
    private readonly Lazy<Task> _writing;

    /// <summary>The database is opened with the first unit.</summary>
    public GroupCommitter(SqliteDatabase database, ILogger<GroupCommitter> logger)
    {
        _transaction = new GroupTransaction(database);
        _logger = logger;
        _writing = new Lazy<Task>(() => Task.Run(WriteAsync));
    }

    /// <summary>False while commits fail for a reason that may pass, such as a full disk.</summary>
    public bool Healthy { get; private set; } = true;

    /// <summary>Returns when the unit is durable.</summary>
    /// <param name="unit">What to write.</param>
    /// <param name="cancellation">Gives up while waiting in the queue; a unit already in its group goes through.</param>
    /// <exception cref="ObjectDisposedException">The committer has stopped; nothing was written.</exception>
    /// <remarks>Whatever the unit throws comes back to the caller.</remarks>
    public async Task CommitAsync(IUnitOfWork unit, CancellationToken cancellation)
    {
        _ = _writing.Value;
        var pending = new PendingUnit(unit, cancellation);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellation);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(GroupCommitter));
        }

        await pending.Completion;
    }

    /// <summary>Commits what is queued, then stops. A fault of the database is waited for no longer than 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
        {
            return;
        }

        _giveUp.CancelAfter(GraceForFaults);
        if (_writing.IsValueCreated)
        {
            await _writing.Value;
        }

        _transaction.Dispose();
        _giveUp.Dispose();
    }

    private async Task WriteAsync()
    {
        var group = new List<PendingUnit>(LargestGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var pending))
            {
                if (pending.TryTake())
                {
                    group.Add(pending);
                }
            }

            await CommitAsync(group);
            group.Clear();
        }
    }

    private async Task CommitAsync(List<PendingUnit> group)
    {
        var pause = new GrowingPause();
        while (true)
        {
            try
            {
                await _transaction.CommitAsync(group);
                ReportWell();
                group.ForEach(unit => unit.Complete());
                return;
            }
            catch (SqliteException e) when (SqliteFaults.MayPass(e))
            {
                ReportFault(e);
                if (!await pause.WaitAsync(_giveUp.Token))
                {
                    group.ForEach(unit => unit.Fail(new ObjectDisposedException(nameof(GroupCommitter), e)));
                    return;
                }
            }
#pragma warning disable CA1031 // Whatever it is belongs to those who wait, and the writer must live on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                group.ForEach(unit => unit.Fail(e));
                return;
            }
        }
    }

    private void ReportWell()
    {
        if (!Healthy)
        {
            Healthy = true;
            LogWell(_logger);
        }
    }

    private void ReportFault(SqliteException fault)
    {
        if (Healthy)
        {
            Healthy = false;
            LogFault(_logger, fault);
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "The database can't be written; trying again until it can")]
    private static partial void LogFault(ILogger logger, Exception exception);

    [LoggerMessage(3002, LogLevel.Information, "The database can be written again")]
    private static partial void LogWell(ILogger logger);
}
