using System.Data.Common;
using Dapper;
using Tickets.Handlers.Storage.Sqlite.Messages;
using Wolverine;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Writes into the outbox of <see cref="SqliteMessageStore"/>.</summary>
internal sealed class SqliteOutgoingMessages(SqliteDatabase database, TimeProvider clock) : IOutgoingMessages
{
    private const string Waiting = "SELECT id FROM outgoing_messages WHERE id IN (SELECT value FROM json_each(@ids))";

    private const string Look = """
        SELECT (SELECT count(*) FROM (SELECT 1 FROM outgoing_messages LIMIT @most)), (SELECT stored_at FROM outgoing_messages ORDER BY seq LIMIT 1)
        """;

    public ValueTask StoreAsync(DbTransaction transaction, IReadOnlyList<Envelope> envelopes, int ownerId, CancellationToken cancellation) =>
        Outbox.StoreAsync(transaction, envelopes, ownerId, clock.GetUtcNow(), cancellation);

    public ValueTask DeleteAsync(DbTransaction transaction, IReadOnlyList<Guid> ids, CancellationToken cancellation) =>
        Outbox.DeleteAsync(transaction, ids, cancellation);

    public async Task<IReadOnlySet<Guid>> WaitingAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        var found = await connection.QueryAsync<string>(Waiting, new { ids = EnvelopeIds.Of(ids) });
        return found.Select(Guid.Parse).ToHashSet();
    }

    public async Task<OutboxState> LookAsync(int most, CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        var (count, oldest) = await connection.QuerySingleAsync<(long, long?)>(Look, new { most });
        return new OutboxState(count, oldest is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null);
    }
}
