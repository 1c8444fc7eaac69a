using System.Data.Common;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime.Serialization;
using Wolverine.Transports;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>The messages that are committed and not yet confirmed by their broker.</summary>
internal sealed class Outbox : IMessageOutbox
{
    internal const int Page = 500;

    private const string Insert = """
        INSERT INTO outgoing_messages (id, owner_id, destination, message_type, stored_at, claimed_at, deliver_by, attempts, body)
        VALUES (@Id, @OwnerId, @Destination, @MessageType, @StoredAt, @StoredAt, @DeliverBy, @Attempts, @Body)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string Delete = "DELETE FROM outgoing_messages WHERE id IN (SELECT value FROM json_each(@ids))";

    private readonly StoreWriter _writer;
    private readonly TimeProvider _clock;

    public Outbox(StoreWriter writer, TimeProvider clock) => (_writer, _clock) = (writer, clock);

    internal static async ValueTask StoreAsync(
        DbTransaction transaction,
        IReadOnlyList<Envelope> envelopes,
        int ownerId,
        DateTimeOffset storedAt,
        CancellationToken cancellation)
    {
        foreach (var envelope in envelopes)
        {
            var row = new
            {
                Id = envelope.Id.ToString(),
                OwnerId = ownerId,
                Destination = envelope.Destination!.ToString(),
                envelope.MessageType,
                StoredAt = storedAt.ToUnixTimeMilliseconds(),
                DeliverBy = envelope.DeliverBy?.ToUnixTimeMilliseconds(),
                envelope.Attempts,
                Body = EnvelopeSerializer.Serialize(envelope),
            };
            await transaction.RunAsync(Insert, row);
        }
    }

    /// <inheritdoc/>
    public Task StoreOutgoingAsync(Envelope envelope, int ownerId) => StoreOutgoingAsync([envelope], ownerId);

    /// <inheritdoc/>
    public Task StoreOutgoingAsync(IReadOnlyList<Envelope> envelopes, int ownerId) => _writer.ExecuteAsync(async (transaction, cancellation) =>
    {
        await StoreAsync(transaction, envelopes, ownerId, _clock.GetUtcNow(), cancellation);
        return envelopes.Count;
    });

    /// <summary>The oldest messages to a destination that no node owns, 500 at most.</summary>
    public async Task<IReadOnlyList<Envelope>> LoadOutgoingAsync(Uri destination)
    {
        var bodies = await _writer.QueryAsync<byte[]>(
            "SELECT body FROM outgoing_messages WHERE owner_id = @owner AND destination = @destination ORDER BY stored_at, id LIMIT @Page",
            new { owner = TransportConstants.AnyNode, destination = destination.ToString(), Page });
        return [.. bodies.Select(EnvelopeSerializer.Deserialize)];
    }

    internal static async ValueTask DeleteAsync(DbTransaction transaction, IEnumerable<Guid> ids, CancellationToken cancellation) =>
        await transaction.RunAsync(Delete, new { ids = EnvelopeIds.Of(ids) });

    /// <inheritdoc/>
    public Task DeleteOutgoingAsync(Envelope[] envelopes) => _writer.ExecuteAsync(Delete, new { ids = EnvelopeIds.Of(envelopes) });

    /// <inheritdoc/>
    public Task DeleteOutgoingAsync(Envelope envelope) => DeleteOutgoingAsync([envelope]);

    /// <inheritdoc/>
    public Task DiscardAndReassignOutgoingAsync(Envelope[] discards, Envelope[] reassigned, int nodeId) =>
        _writer.ExecuteAsync(async (transaction, cancellation) =>
        {
            const string reassign = """
                UPDATE outgoing_messages SET owner_id = @nodeId, claimed_at = @now WHERE id IN (SELECT value FROM json_each(@ids))
                """;
            await DeleteAsync(transaction, discards.Select(envelope => envelope.Id), cancellation);
            var parameters = new { nodeId, now = _clock.GetUtcNow().ToUnixTimeMilliseconds(), ids = EnvelopeIds.Of(reassigned) };
            return await transaction.RunAsync(reassign, parameters);
        });

    /// <summary>Frees the messages whose owner took them before a time: their send or their delete was lost.</summary>
    internal Task ReleaseAsync(DateTimeOffset claimedBefore) => _writer.ExecuteAsync(
        """
        UPDATE outgoing_messages SET owner_id = @free
        WHERE id IN (SELECT id FROM outgoing_messages WHERE owner_id <> @free AND claimed_at < @claimedBefore)
        """,
        new { free = TransportConstants.AnyNode, claimedBefore = claimedBefore.ToUnixTimeMilliseconds() });

    /// <summary>The destinations of the messages no node owns, and how many each has.</summary>
    internal Task<IReadOnlyList<(string Destination, long Count)>> FreeDestinationsAsync() =>
        _writer.QueryAsync<(string Destination, long Count)>(
            "SELECT destination, count(*) FROM outgoing_messages WHERE owner_id = @owner GROUP BY destination",
            new { owner = TransportConstants.AnyNode });
}
