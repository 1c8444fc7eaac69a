using Wolverine;
using Wolverine.Transports;

namespace Tickets.Handlers.Storage.Messages;

/// <summary>Finds incoming messages that somebody has to take up.</summary>
internal sealed class IncomingQueries(StoreWriter writer)
{
    public const string Columns = """
        id AS Id, received_at AS ReceivedAt, status AS Status, owner_id AS OwnerId, execution_time AS ExecutionTime,
        attempts AS Attempts, message_type AS MessageType, keep_until AS KeepUntil, body AS Body
        """;

    private const int Page = 100;

    public Task<IReadOnlyList<Envelope>> AllAsync() => ReadAsync("1 = 1", new { }, -1);

    public Task<IReadOnlyList<Envelope>> FreeAsync(Uri receivedAt, int limit) => ReadAsync(
        $"status = '{nameof(EnvelopeStatus.Incoming)}' AND owner_id = @free AND received_at = @receivedAt",
        new { free = TransportConstants.AnyNode, receivedAt = receivedAt.ToString(), limit },
        limit);

    public Task<IReadOnlyList<Envelope>> DueOrFreeAsync(DateTimeOffset now) => ReadAsync(
        $"""
        (status = '{nameof(EnvelopeStatus.Scheduled)}' AND execution_time <= @now)
        OR (status = '{nameof(EnvelopeStatus.Incoming)}' AND owner_id = @free)
        """,
        new { now = now.ToUnixTimeMilliseconds(), free = TransportConstants.AnyNode },
        Page);

    /// <summary>Makes messages this node's own, ready to be handled.</summary>
    public Task ClaimAsync(IEnumerable<Envelope> envelopes, int ownerId) => writer.ExecuteAsync(
        $"""
        UPDATE incoming_messages SET status = '{nameof(EnvelopeStatus.Incoming)}', owner_id = @ownerId
        WHERE id IN (SELECT value FROM json_each(@ids))
        """,
        new { ownerId, ids = EnvelopeIds.Of(envelopes) });

    /// <summary>Deletes handled messages that were kept long enough to recognise repeats.</summary>
    public Task DeleteExpiredAsync(DateTimeOffset now) => writer.ExecuteAsync(
        $"DELETE FROM incoming_messages WHERE status = '{nameof(EnvelopeStatus.Handled)}' AND keep_until < @now",
        new { now = now.ToUnixTimeMilliseconds() });

    private async Task<IReadOnlyList<Envelope>> ReadAsync(string where, object parameters, int limit)
    {
        var rows = await writer.QueryAsync<IncomingRow>(
            $"SELECT {Columns} FROM incoming_messages WHERE {where} ORDER BY id LIMIT {limit}", parameters);
        return [.. rows.Select(row => row.ToEnvelope())];
    }
}
