using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Wolverine;
using Wolverine.Runtime.Serialization;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Writes into the outbox of Wolverine's own PostgreSQL store, all messages of a unit by one statement.</summary>
internal sealed class PostgreSqlOutgoingMessages(TimeProvider clock) : IOutgoingMessages
{
    private const string Insert = $"""
        INSERT INTO {PostgreSqlDatabase.MessageSchema}.wolverine_outgoing_envelopes
            (id, owner_id, destination, deliver_by, body, attempts, message_type, "timestamp")
        SELECT id, $1, destination, deliver_by, body, attempts, message_type, $2
        FROM unnest($3, $4, $5, $6, $7, $8) AS message (id, destination, deliver_by, body, attempts, message_type)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string Delete = $"DELETE FROM {PostgreSqlDatabase.MessageSchema}.wolverine_outgoing_envelopes WHERE id = ANY ($1)";

    public async ValueTask StoreAsync(
        DbTransaction transaction, IReadOnlyList<Envelope> envelopes, int ownerId, CancellationToken cancellation)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.CommandText = Insert;
        Add(NpgsqlDbType.Integer, ownerId);
        Add(NpgsqlDbType.TimestampTz, clock.GetUtcNow());
        AddEach(NpgsqlDbType.Uuid, envelope => envelope.Id);
        AddEach(NpgsqlDbType.Text, envelope => envelope.Destination!.ToString());
        AddEach(NpgsqlDbType.TimestampTz, envelope => envelope.DeliverBy);
        AddEach(NpgsqlDbType.Bytea, EnvelopeSerializer.Serialize);
        AddEach(NpgsqlDbType.Integer, envelope => envelope.Attempts);
        AddEach(NpgsqlDbType.Text, envelope => envelope.MessageType ?? string.Empty);
        await command.ExecuteNonQueryAsync(cancellation);

        void Add(NpgsqlDbType type, object value) => command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value });

        void AddEach<T>(NpgsqlDbType type, Func<Envelope, T> of) => Add(NpgsqlDbType.Array | type, envelopes.Select(of).ToArray());
    }

    public async ValueTask DeleteAsync(DbTransaction transaction, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.CommandText = Delete;
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = ids.ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
