using Dapper;
using Wolverine;
using Wolverine.Transports;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Finds incoming messages that somebody has to take up.</summary>
internal sealed class IncomingQueries(StoreWriter writer)
{
    public const string Columns = """
        id AS Id, received_at AS ReceivedAt, status AS Status, owner_id AS OwnerId, execution_time AS ExecutionTime,
        attempts AS Attempts, message_type AS MessageType, keep_until AS KeepUntil, body AS Body
        """;

    private const int Page = 500;

    private const string DueOrFree = $"""
        ((status = '{nameof(EnvelopeStatus.Scheduled)}' AND execution_time <= @now)
        OR (status = '{nameof(EnvelopeStatus.Incoming)}' AND owner_id = @free))
        """;

    private const string Claim = $"""
        UPDATE incoming_messages SET status = '{nameof(EnvelopeStatus.Incoming)}', owner_id = @ownerId
        WHERE {EnvelopeIds.IncomingKeys} AND {DueOrFree}
        RETURNING id, received_at
        """;

    public Task<IReadOnlyList<Envelope>> AllAsync() => ReadAsync("1 = 1", new { }, -1);

    public Task<IReadOnlyList<Envelope>> FreeAsync(Uri receivedAt, int limit) => ReadAsync(
        $"status = '{nameof(EnvelopeStatus.Incoming)}' AND owner_id = @free AND received_at = @receivedAt",
        new { free = TransportConstants.AnyNode, receivedAt = receivedAt.ToString(), limit },
        limit);

    /// <summary>A page of what is to be handled now, without what the caller has seen.</summary>
    public Task<IReadOnlyList<Envelope>> DueOrFreeAsync(DateTimeOffset now, IEnumerable<Envelope> seen) => ReadAsync(
        $"{DueOrFree} AND NOT {EnvelopeIds.IncomingKeys}",
        new { now = now.ToUnixTimeMilliseconds(), free = TransportConstants.AnyNode, keys = EnvelopeIds.KeysOf(seen) },
        Page);

    /// <summary>Makes messages a node's own, or nobody's, whoever has them.</summary>
    public Task AssignAsync(IEnumerable<Envelope> envelopes, int ownerId) => writer.ExecuteAsync(
        $"UPDATE incoming_messages SET owner_id = @ownerId WHERE {EnvelopeIds.IncomingKeys}",
        new { ownerId, keys = EnvelopeIds.KeysOf(envelopes) });

    /// <summary>Makes those messages a node's own, ready to be handled, that are still due or free.</summary>
    /// <returns>The ones it got.</returns>
    public async Task<IReadOnlyList<Envelope>> ClaimAsync(IReadOnlyList<Envelope> envelopes, int ownerId, DateTimeOffset now)
    {
        var parameters = new
        {
            ownerId,
            keys = EnvelopeIds.KeysOf(envelopes),
            now = now.ToUnixTimeMilliseconds(),
            free = TransportConstants.AnyNode,
        };
        var claimed = await writer.ExecuteAsync(async (transaction, cancellation) =>
            (await transaction.Connection!.QueryAsync<(string Id, string ReceivedAt)>(
                new CommandDefinition(Claim, parameters, transaction, cancellationToken: cancellation))).ToHashSet());
        IReadOnlyList<Envelope> mine = [.. envelopes.Where(x => claimed.Contains((x.Id.ToString(), IncomingRow.AddressOf(x))))];
        foreach (var envelope in mine)
        {
            envelope.Status = EnvelopeStatus.Incoming;
            envelope.OwnerId = ownerId;
        }

        return mine;
    }

    /// <summary>Deletes handled messages that were kept long enough to recognise repeats.</summary>
    public Task DeleteExpiredAsync(DateTimeOffset now) => writer.ExecuteAsync(
        $"DELETE FROM incoming_messages WHERE status = '{nameof(EnvelopeStatus.Handled)}' AND keep_until < @now",
        new { now = now.ToUnixTimeMilliseconds() });

    private async Task<IReadOnlyList<Envelope>> ReadAsync(string where, object parameters, int limit)
    {
        var rows = await writer.QueryAsync<IncomingRow>(
            $"SELECT {Columns} FROM incoming_messages WHERE {where} ORDER BY execution_time, id LIMIT {limit}", parameters);
        return [.. rows.Select(row => row.ToEnvelope())];
    }
}
