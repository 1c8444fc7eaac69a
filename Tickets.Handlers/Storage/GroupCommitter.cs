using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Storage;

/// <summary>
/// Writes to the database, one group after another. While one is committed, the next gathers; there is no timer. A second
/// writer would make groups half as large and wait for the first one's rows (ADR 8). A unit that fails fails alone. While the
/// database itself is at fault, the group is tried again in place for as long as that lasts; while another session holds the rows
/// of one tenant, that tenant's units wait beside the others.
/// </summary>
public sealed class GroupCommitter : IAsyncDisposable
{
    /// <summary>How many units are committed together at most, unless the storage is told otherwise.</summary>
    public const int LargestGroup = 256;

    private const int LongestQueue = 10_000;
    private static readonly TimeSpan GraceForFaults = TimeSpan.FromSeconds(5);

    private readonly Channel<PendingUnit> _queue = Channel.CreateBounded<PendingUnit>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });

    private readonly CancellationTokenSource _giveUp = new();
    private readonly int _largestGroup;
    private readonly PatientTransaction _transaction;
    private readonly HeldTenants _held;
    private readonly Lazy<Task> _writing;

    /// <summary>The database is opened with the first unit.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="logger">Told when the database fails and when it is well again.</param>
    /// <param name="largestGroup">How many units are committed together at most; 1 for a transaction each.</param>
    public GroupCommitter(Database database, ILogger<GroupCommitter> logger, int largestGroup = LargestGroup)
    {
        _largestGroup = largestGroup;
        _transaction = new PatientTransaction(database, logger);
        _held = new HeldTenants(database, logger, _giveUp.Token);
        _writing = new Lazy<Task>(() => Task.Run(WriteAsync));
    }

    /// <summary>False while commits fail for a reason that may pass, such as a full disk.</summary>
    public bool Healthy => LastFault is null;

    /// <summary>Why commits fail at present; null while they succeed.</summary>
    public Exception? LastFault => _transaction.LastFault;

    /// <summary>Returns when the unit is durable.</summary>
    /// <param name="unit">What to write.</param>
    /// <param name="cancellation">Gives up while waiting in the queue; a unit already in its group goes through.</param>
    /// <exception cref="ObjectDisposedException">
    /// The committer has stopped. Nothing was written, unless the very answer to a commit was lost.
    /// </exception>
    /// <remarks>Whatever the unit throws comes back to the caller.</remarks>
    public async Task CommitAsync(IUnitOfWork unit, CancellationToken cancellation)
    {
        _ = _writing.Value;
        using var activity = StorageInstrumentation.StartStore();
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

        await _held.Completion;
        _transaction.Dispose();
        _giveUp.Dispose();
    }

    private async Task WriteAsync()
    {
        var group = new List<PendingUnit>(_largestGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < _largestGroup && _queue.Reader.TryRead(out var pending))
            {
                if (pending.TryTake() && !_held.TryTake(pending))
                {
                    group.Add(pending);
                }
            }

            if (group.Count > 0)
            {
                await CommitAsync(group);
                group.Clear();
            }
        }
    }

    private async Task CommitAsync(IReadOnlyList<PendingUnit> group)
    {
        try
        {
            await _transaction.CommitAsync(group, _giveUp.Token);
            foreach (var pending in group)
            {
                if (pending.IsHeldUp)
                {
                    _held.Hold(pending);
                }
                else
                {
                    pending.Complete();
                }
            }
        }
#pragma warning disable CA1031 // The writer must outlive every fault, or all later callers would wait for ever.
        catch (Exception e) when (group.Count == 1)
        {
            group[0].Fail(e);
        }
        catch (Exception)
#pragma warning restore CA1031
        {
            // One of them spoiled the whole transaction, for instance with a constraint that is checked at its end.
            foreach (var pending in group)
            {
                if (pending.IsHeldUp)
                {
                    _held.Hold(pending);
                }
                else if (!_held.TryTake(pending))
                {
                    await CommitAsync([pending]);
                }
            }
        }
    }
}
