using System.Data.Common;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using Wolverine;
using Wolverine.Runtime.Serialization;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Writes into the outbox of Wolverine's own PostgreSQL store, all messages of a group by one statement.</summary>
internal sealed class PostgreSqlOutgoingMessages(PostgreSqlDatabase database, TimeProvider clock) : IOutgoingMessages
{
    private const string Insert = $"""
        INSERT INTO {PostgreSqlDatabase.MessageSchema}.wolverine_outgoing_envelopes
            (id, owner_id, destination, deliver_by, body, attempts, message_type, "timestamp")
        VALUES (@Id, @OwnerId, @Destination, @DeliverBy, @Body, @Attempts, @MessageType, @Now)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string Delete = $"DELETE FROM {PostgreSqlDatabase.MessageSchema}.wolverine_outgoing_envelopes WHERE id = ANY ($1)";

    private const string Waiting = $"SELECT id FROM {PostgreSqlDatabase.MessageSchema}.wolverine_outgoing_envelopes WHERE id = ANY (@ids)";

    // Ids begin with their time. In their order, the index is read: the table is full of what was sent since it was last vacuumed.
    private const string Look = $"""
        SELECT (SELECT count(*) FROM (SELECT id FROM {PostgreSqlDatabase.MessageSchema}.wolverine_outgoing_envelopes ORDER BY id LIMIT @most) waiting),
            (SELECT "timestamp" FROM {PostgreSqlDatabase.MessageSchema}.wolverine_outgoing_envelopes ORDER BY id LIMIT 1)
        """;

    public async ValueTask StoreAsync(
        DbTransaction transaction, IReadOnlyList<Envelope> envelopes, int ownerId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await transaction.AddAllAsync(Insert, [.. envelopes.Select(envelope => new
        {
            envelope.Id,
            OwnerId = ownerId,
            Destination = envelope.Destination!.ToString(),
            envelope.DeliverBy,
            Body = EnvelopeSerializer.Serialize(envelope),
            envelope.Attempts,
            MessageType = envelope.MessageType ?? string.Empty,
            Now = now,
        })]);
    }

    public async ValueTask DeleteAsync(DbTransaction transaction, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.CommandText = Delete;
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = ids.ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IReadOnlySet<Guid>> WaitingAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(string.Empty, cancellation);
        var found = await connection.QueryAsync<Guid>(new CommandDefinition(Waiting, new { ids = ids.ToArray() }, cancellationToken: cancellation));
        return found.ToHashSet();
    }

    public async Task<OutboxState> LookAsync(int most, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(string.Empty, cancellation);
        var (count, oldest) = await connection.QuerySingleAsync<(long, DateTime?)>(new CommandDefinition(Look, new { most }, cancellationToken: cancellation));
        return new OutboxState(count, oldest);
    }
}
