using System.Data.Common;
using Dapper;
using JasperFx.Core;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.DeadLetterManagement;
using Wolverine.Runtime.Serialization;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>
/// What could not be handled or sent and has no place in a dead-letter stream: messages of local queues, and outgoing
/// ones that no server will ever take.
/// </summary>
internal sealed class DeadLetters(StoreWriter writer, Uri database) : IDeadLetters
{
    private const string Columns = """
        id AS Id, received_at AS ReceivedAt, message_type AS MessageType, source AS Source, exception_type AS ExceptionType,
        exception_message AS ExceptionMessage, sent_at AS SentAt, failed_at AS FailedAt, replayable AS Replayable, body AS Body
        """;

    private const string Insert = """
        INSERT INTO dead_letters (id, received_at, message_type, source, exception_type, exception_message, sent_at, failed_at, replayable, body)
        VALUES (@Id, @ReceivedAt, @MessageType, @Source, @ExceptionType, @ExceptionMessage, @SentAt, @FailedAt, @Replayable, @Body)
        ON CONFLICT (id) DO UPDATE SET exception_type = excluded.exception_type, exception_message = excluded.exception_message,
            failed_at = excluded.failed_at, replayable = 0, body = excluded.body
        """;

    public static async ValueTask<int> InsertAsync(
        DbTransaction transaction, Envelope envelope, Exception? exception, DateTimeOffset failedAt, CancellationToken cancellation)
    {
        var row = DeadLetterRow.Of(envelope, exception, failedAt);
        return await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Insert, row, transaction, cancellationToken: cancellation));
    }

    public async Task<DeadLetterEnvelope?> DeadLetterEnvelopeByIdAsync(Guid id, string? tenantId = null)
    {
        var rows = await writer.QueryAsync<DeadLetterRow>(
            $"SELECT {Columns} FROM dead_letters WHERE id = @id", new { id = id.ToString() });
        return rows is [var row] ? row.ToDeadLetter() : null;
    }

    public async Task<DeadLetterEnvelopeResults> QueryAsync(DeadLetterEnvelopeQuery query, CancellationToken token)
    {
        var (where, parameters) = DeadLetterFilter.Of(await WithHeadersAsync(query, token));
        var total = await writer.ScalarAsync<int>($"SELECT count(*) FROM dead_letters WHERE {where}", parameters, token);
        var rows = await writer.QueryAsync<DeadLetterRow>(
            $"SELECT {Columns} FROM dead_letters WHERE {where} ORDER BY failed_at, id {Paging.Of(query.PageNumber, query.PageSize)}",
            parameters,
            token);
        return new DeadLetterEnvelopeResults
        {
            TotalCount = total,
            PageNumber = query.PageNumber,
            DatabaseUri = database,
            Envelopes = [.. rows.Select(row => row.ToDeadLetter())],
        };
    }

    public async Task<IReadOnlyList<DeadLetterQueueCount>> SummarizeAllAsync(
        string serviceName, TimeRange range, CancellationToken token)
    {
        var (where, parameters) = DeadLetterFilter.Of(new DeadLetterEnvelopeQuery(range));
        var rows = await writer.QueryAsync<(string ReceivedAt, string MessageType, string ExceptionType, long Count)>(
            $"""
            SELECT received_at, message_type, exception_type, count(*) FROM dead_letters WHERE {where}
            GROUP BY received_at, message_type, exception_type
            """,
            parameters,
            token);
        return [.. rows.Select(row => new DeadLetterQueueCount(
            serviceName, new Uri(row.ReceivedAt), row.MessageType, row.ExceptionType, database, (int)row.Count))];
    }

    public async Task DiscardAsync(DeadLetterEnvelopeQuery query, CancellationToken token)
    {
        var (where, parameters) = DeadLetterFilter.Of(await WithHeadersAsync(query, token));
        await writer.ExecuteAsync($"DELETE FROM dead_letters WHERE {where}", parameters);
    }

    public async Task ReplayAsync(DeadLetterEnvelopeQuery query, CancellationToken token)
    {
        var (where, parameters) = DeadLetterFilter.Of(await WithHeadersAsync(query, token));
        await writer.ExecuteAsync($"UPDATE dead_letters SET replayable = 1 WHERE {where}", parameters);
    }

    public async Task EditAndReplayAsync(Guid envelopeId, byte[] newBody, CancellationToken token)
    {
        var letter = await DeadLetterEnvelopeByIdAsync(envelopeId)
            ?? throw new ArgumentOutOfRangeException(nameof(envelopeId), envelopeId, "There is no dead letter with this id.");
        letter.Envelope.Data = newBody;
        await writer.ExecuteAsync(
            "UPDATE dead_letters SET body = @body, replayable = 1 WHERE id = @id",
            new { id = envelopeId.ToString(), body = EnvelopeSerializer.Serialize(letter.Envelope) });
    }

    /// <summary>Turns the dead letters that were marked for it into incoming messages again.</summary>
    public Task<int> ReplayMarkedAsync() => writer.ExecuteAsync(async (transaction, cancellation) =>
    {
        const string move = $"""
            INSERT INTO incoming_messages (id, received_at, status, owner_id, execution_time, attempts, message_type, keep_until, body)
            SELECT id, received_at, '{nameof(EnvelopeStatus.Incoming)}', 0, NULL, 0, message_type, NULL, body
            FROM dead_letters WHERE replayable = 1
            ON CONFLICT DO NOTHING
            """;
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(move, null, transaction, cancellationToken: cancellation));
        return await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM dead_letters WHERE replayable = 1", null, transaction, cancellationToken: cancellation));
    });

    public Task DeleteFailedBeforeAsync(DateTimeOffset time) => writer.ExecuteAsync(
        "DELETE FROM dead_letters WHERE replayable = 0 AND failed_at < @time", new { time = time.ToUnixTimeMilliseconds() });

    // Headers are known to the bodies alone: they are looked at one by one, and the query goes on with the ids.
    private async Task<DeadLetterEnvelopeQuery> WithHeadersAsync(DeadLetterEnvelopeQuery query, CancellationToken token)
    {
        if (!query.HasHeaderFilter() || query.MessageIds.Length > 0)
        {
            return query;
        }

        var (where, parameters) = DeadLetterFilter.Of(query);
        var rows = await writer.QueryAsync<DeadLetterRow>($"SELECT {Columns} FROM dead_letters WHERE {where}", parameters, token);
        var ids = rows.Select(row => row.ToDeadLetter()).Where(x => query.MatchesHeaders(x.Envelope)).Select(x => x.Id).ToArray();

        // No id at all would fit everything.
        return new DeadLetterEnvelopeQuery(ids.Length > 0 ? ids : [Guid.Empty]);
    }
}
