using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Storage;

/// <summary>
/// Takes messages out of the outbox that their broker has confirmed. Nobody waits for it: all that is confirmed by the time
/// a writer comes to it goes with one statement, in the transaction of whatever else is written then. While the database is
/// away, the writer waits for it. What a crash leaves is sent again, with the same id.
/// </summary>
public sealed partial class ConfirmedMessages(GroupCommitter committer, IOutgoingMessages outbox, ILogger<ConfirmedMessages> logger)
{
    private readonly Lock _gate = new();
    private List<Guid> _ids = [];
    private bool _isQueued;

    /// <summary>Returns at once; they are deleted soon.</summary>
    public void Delete(IEnumerable<Guid> ids)
    {
        lock (_gate)
        {
            _ids.AddRange(ids);
            if (_isQueued || _ids.Count == 0)
            {
                return;
            }

            _isQueued = true;
        }

        _ = CommitAsync();
    }

    private async Task CommitAsync()
    {
        try
        {
            await committer.CommitAsync(new Deletion(this), CancellationToken.None);
        }
        catch (ObjectDisposedException)
        {
            // The process ends.
        }
#pragma warning disable CA1031 // Nobody waits who could be told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Those that it has not come to go with the next ones.
            lock (_gate)
            {
                _isQueued = false;
            }

            LogKept(logger, e);
        }
    }

    private ValueTask DeleteAsync(DbTransaction transaction, IReadOnlyList<Guid> ids, CancellationToken cancellation) =>
        outbox.DeleteAsync(transaction, ids, cancellation);

    private IReadOnlyList<Guid> Take()
    {
        lock (_gate)
        {
            var taken = _ids;
            _ids = [];
            _isQueued = false;
            return taken;
        }
    }

    private sealed class Deletion(ConfirmedMessages confirmed) : IUnitOfWork
    {
        private IReadOnlyList<Guid>? _ids;

        public string? Tenant => null;

        public ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
            confirmed.DeleteAsync(transaction, _ids ??= confirmed.Take(), cancellation);
    }

    [LoggerMessage(3011, LogLevel.Error, "Messages that NATS has confirmed could not be taken out of the outbox; they will be sent again, with the same id")]
    private static partial void LogKept(ILogger logger, Exception exception);
}
