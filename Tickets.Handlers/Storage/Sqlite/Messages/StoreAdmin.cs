using Wolverine;
using Wolverine.Logging;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime.Serialization;
using Wolverine.Transports;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Looks after the store as a whole.</summary>
internal sealed class StoreAdmin(StoreWriter writer, IncomingQueries incoming, IMigrator migrator, TimeProvider clock) : IMessageStoreAdmin
{
    private const string CountIncoming = "SELECT count(*) FROM incoming_messages WHERE status = @status";

    // Called while the process stops: what stays owned is freed at the next start, so a full disk must not hold it up.
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    public Task DeleteAllHandledAsync() => writer.ExecuteAsync(
        $"DELETE FROM incoming_messages WHERE status = '{nameof(EnvelopeStatus.Handled)}'");

    public Task ClearAllAsync() => writer.ExecuteAsync(
        "DELETE FROM outgoing_messages; DELETE FROM incoming_messages; DELETE FROM dead_letters;");

    public async Task RebuildAsync()
    {
        await MigrateAsync();
        await ClearAllAsync();
    }

    public async Task<PersistedCounts> FetchCountsAsync() => new()
    {
        Incoming = await CountAsync(EnvelopeStatus.Incoming),
        Scheduled = await CountAsync(EnvelopeStatus.Scheduled),
        ScheduledDue = await writer.ScalarAsync<int>(
            $"{CountIncoming} AND execution_time <= @now",
            new { status = nameof(EnvelopeStatus.Scheduled), now = clock.GetUtcNow().ToUnixTimeMilliseconds() }),
        Handled = await CountAsync(EnvelopeStatus.Handled),
        Outgoing = await writer.ScalarAsync<int>("SELECT count(*) FROM outgoing_messages"),
        OldestOutgoing = await writer.ScalarAsync<long?>("SELECT min(stored_at) FROM outgoing_messages") is { } oldest
            ? DateTimeOffset.FromUnixTimeMilliseconds(oldest)
            : null,
        DeadLetter = await writer.ScalarAsync<int>("SELECT count(*) FROM dead_letters"),
    };

    public Task<IReadOnlyList<Envelope>> AllIncomingAsync() => incoming.AllAsync();

    public async Task<IReadOnlyList<Envelope>> AllOutgoingAsync()
    {
        var bodies = await writer.QueryAsync<byte[]>("SELECT body FROM outgoing_messages ORDER BY stored_at, id");
        return [.. bodies.Select(EnvelopeSerializer.Deserialize)];
    }

    public Task ReleaseAllOwnershipAsync() => writer.ExecuteAsync(
        "UPDATE outgoing_messages SET owner_id = @free WHERE owner_id <> @free; UPDATE incoming_messages SET owner_id = @free WHERE owner_id <> @free;",
        new { free = TransportConstants.AnyNode });

    public Task ReleaseAllOwnershipAsync(int ownerId) => writer.ExecuteAsync(
        """
        UPDATE outgoing_messages SET owner_id = @free WHERE owner_id = @ownerId;
        UPDATE incoming_messages SET owner_id = @free WHERE owner_id = @ownerId;
        """,
        new { free = TransportConstants.AnyNode, ownerId }).WaitAsync(ReleaseLimit, clock);

    public Task CheckConnectivityAsync(CancellationToken token) => writer.ScalarAsync<int>("SELECT 1", cancellation: token);

    /// <exception cref="InvalidOperationException">Scripts are missing.</exception>
    public async Task AssertStorageExistsAsync(CancellationToken token)
    {
        writer.ThrowIfDisposed();
        if (await migrator.PendingAsync(token) is { Count: > 0 } pending)
        {
            throw new InvalidOperationException($"The database lacks {string.Join(", ", pending)}; run 'resources setup' or start the service.");
        }
    }

    public Task AssertStorageProvisionedAsync(CancellationToken token) => AssertStorageExistsAsync(token);

    public Task MigrateAsync()
    {
        writer.ThrowIfDisposed();
        return migrator.MigrateAsync(CancellationToken.None);
    }

    private Task<int> CountAsync(EnvelopeStatus status) => writer.ScalarAsync<int>(CountIncoming, new { status = status.ToString() });
}
