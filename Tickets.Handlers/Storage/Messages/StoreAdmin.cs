using Wolverine;
using Wolverine.Logging;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime.Serialization;
using Wolverine.Transports;

namespace Tickets.Handlers.Storage.Messages;

/// <summary>Looks after the store as a whole.</summary>
internal sealed class StoreAdmin(StoreWriter writer, IncomingQueries incoming, Migrator migrator) : IMessageStoreAdmin
{
    private const string CountIncoming = "SELECT count(*) FROM incoming_messages WHERE status = @status";

    public Task DeleteAllHandledAsync() => writer.ExecuteAsync(
        $"DELETE FROM incoming_messages WHERE status = '{nameof(EnvelopeStatus.Handled)}'", new { });

    public Task ClearAllAsync() => writer.ExecuteAsync(
        "DELETE FROM outgoing_messages; DELETE FROM incoming_messages; DELETE FROM dead_letters;", new { });

    public async Task RebuildAsync()
    {
        await MigrateAsync();
        await ClearAllAsync();
    }

    public async Task<PersistedCounts> FetchCountsAsync() => new()
    {
        Incoming = await CountAsync(EnvelopeStatus.Incoming),
        Scheduled = await CountAsync(EnvelopeStatus.Scheduled),
        Handled = await CountAsync(EnvelopeStatus.Handled),
        Outgoing = await writer.ScalarAsync<int>("SELECT count(*) FROM outgoing_messages"),
        DeadLetter = await writer.ScalarAsync<int>("SELECT count(*) FROM dead_letters"),
    };

    public Task<IReadOnlyList<Envelope>> AllIncomingAsync() => incoming.AllAsync();

    public async Task<IReadOnlyList<Envelope>> AllOutgoingAsync()
    {
        var bodies = await writer.QueryAsync<byte[]>("SELECT body FROM outgoing_messages ORDER BY id");
        return [.. bodies.Select(EnvelopeSerializer.Deserialize)];
    }

    public Task ReleaseAllOwnershipAsync() => writer.ExecuteAsync(
        "UPDATE outgoing_messages SET owner_id = @free; UPDATE incoming_messages SET owner_id = @free;",
        new { free = TransportConstants.AnyNode });

    public Task ReleaseAllOwnershipAsync(int ownerId) => writer.ExecuteAsync(
        """
        UPDATE outgoing_messages SET owner_id = @free WHERE owner_id = @ownerId;
        UPDATE incoming_messages SET owner_id = @free WHERE owner_id = @ownerId;
        """,
        new { free = TransportConstants.AnyNode, ownerId });

    public Task CheckConnectivityAsync(CancellationToken token) => writer.ScalarAsync<int>("SELECT 1");

    /// <exception cref="InvalidOperationException">Scripts are missing.</exception>
    public Task AssertStorageExistsAsync(CancellationToken token) => migrator.Pending() is { Count: > 0 } pending
        ? throw new InvalidOperationException($"The database lacks {string.Join(", ", pending)}; run 'resources setup' or start the service.")
        : Task.CompletedTask;

    public Task AssertStorageProvisionedAsync(CancellationToken token) => AssertStorageExistsAsync(token);

    public Task MigrateAsync()
    {
        migrator.Migrate();
        return Task.CompletedTask;
    }

    private Task<int> CountAsync(EnvelopeStatus status) => writer.ScalarAsync<int>(CountIncoming, new { status = status.ToString() });
}
