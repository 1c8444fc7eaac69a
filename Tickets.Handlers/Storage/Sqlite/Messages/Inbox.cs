using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Transports;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>The messages of durable local queues: waiting, scheduled and handled. JetStream is the inbox of all others.</summary>
internal sealed class Inbox(StoreWriter writer, TimeProvider clock, DurabilitySettings durability) : IMessageInbox
{
    private const string Insert = """
        INSERT INTO incoming_messages (id, received_at, status, owner_id, execution_time, attempts, message_type, keep_until, body)
        VALUES (@Id, @ReceivedAt, @Status, @OwnerId, @ExecutionTime, @Attempts, @MessageType, @KeepUntil, @Body)
        """;

    private const string ThisMessage = "WHERE id = @Id AND received_at = @ReceivedAt";

    private const string Reschedule =
        $"UPDATE incoming_messages SET status = @Status, owner_id = @OwnerId, execution_time = @ExecutionTime, attempts = @Attempts, body = @Body {ThisMessage}";

    public Task ScheduleExecutionAsync(Envelope envelope) => writer.ExecuteAsync(Reschedule, Scheduled(envelope));

    public Task RescheduleExistingEnvelopeForRetryAsync(Envelope envelope) => writer.ExecuteAsync(async (transaction, cancellation) =>
    {
        var row = Scheduled(envelope);
        var changed = await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Reschedule, row, transaction, cancellationToken: cancellation));
        return changed > 0
            ? changed
            : await transaction.Connection!.ExecuteAsync(new CommandDefinition(Insert, row, transaction, cancellationToken: cancellation));
    });

    public Task MoveToDeadLetterStorageAsync(Envelope envelope, Exception? exception) => writer.ExecuteAsync(async (transaction, cancellation) =>
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"DELETE FROM incoming_messages {ThisMessage}", IncomingRow.KeyOf(envelope), transaction, cancellationToken: cancellation));
        return await DeadLetters.InsertAsync(transaction, envelope, exception, clock.GetUtcNow(), cancellation);
    });

    public Task IncrementIncomingEnvelopeAttemptsAsync(Envelope envelope) => writer.ExecuteAsync(
        $"UPDATE incoming_messages SET attempts = @Attempts {ThisMessage}",
        new { Id = envelope.Id.ToString(), ReceivedAt = IncomingRow.AddressOf(envelope), envelope.Attempts });

    /// <exception cref="DuplicateIncomingEnvelopeException">The message is there already.</exception>
    public Task StoreIncomingAsync(Envelope envelope) => StoreIncomingAsync([envelope]);

    /// <exception cref="DuplicateIncomingEnvelopeException">Names those that are there already; none is stored.</exception>
    public Task StoreIncomingAsync(IReadOnlyList<Envelope> envelopes) => writer.ExecuteAsync(async (transaction, cancellation) =>
    {
        List<Envelope> duplicates = [];
        foreach (var envelope in envelopes)
        {
            if (!await TryInsertAsync(transaction, envelope, cancellation))
            {
                duplicates.Add(envelope);
            }
        }

        return duplicates.Count == 0 ? envelopes.Count : throw new DuplicateIncomingEnvelopeException(duplicates);
    });

    public Task<bool> ExistsAsync(Envelope envelope, CancellationToken cancellation) =>
        writer.ScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM incoming_messages {ThisMessage})", IncomingRow.KeyOf(envelope), cancellation);

    public Task<bool> IsHandledAsync(Envelope envelope, CancellationToken cancellation) => writer.ScalarAsync<bool>(
        $"SELECT EXISTS (SELECT 1 FROM incoming_messages {ThisMessage} AND status = '{nameof(EnvelopeStatus.Handled)}')",
        IncomingRow.KeyOf(envelope),
        cancellation);

    public Task MarkIncomingEnvelopeAsHandledAsync(Envelope envelope) => MarkIncomingEnvelopeAsHandledAsync([envelope]);

    public Task MarkIncomingEnvelopeAsHandledAsync(IReadOnlyList<Envelope> envelopes) => writer.ExecuteAsync(
        $"""
        UPDATE incoming_messages SET status = '{nameof(EnvelopeStatus.Handled)}', keep_until = @keepUntil
        WHERE {EnvelopeIds.IncomingKeys}
        """,
        new
        {
            keys = EnvelopeIds.KeysOf(envelopes),
            keepUntil = clock.GetUtcNow().Add(durability.KeepAfterMessageHandling).ToUnixTimeMilliseconds(),
        });

    public Task DeleteIncomingEnvelopeAsync(Envelope envelope) =>
        writer.ExecuteAsync($"DELETE FROM incoming_messages {ThisMessage}", IncomingRow.KeyOf(envelope));

    public Task ReleaseIncomingAsync(int ownerId, Uri receivedAt) => writer.ExecuteAsync(
        "UPDATE incoming_messages SET owner_id = @free WHERE owner_id = @ownerId AND received_at = @receivedAt",
        new { free = TransportConstants.AnyNode, ownerId, receivedAt = receivedAt.ToString() });

    private static async Task<bool> TryInsertAsync(DbTransaction transaction, Envelope envelope, CancellationToken cancellation)
    {
        try
        {
            await transaction.Connection!.ExecuteAsync(
                new CommandDefinition(Insert, IncomingRow.Of(envelope), transaction, cancellationToken: cancellation));
            return true;
        }
        catch (SqliteException e) when (SqliteFaults.IsUniqueViolation(e))
        {
            return false;
        }
    }

    private static IncomingRow Scheduled(Envelope envelope)
    {
        envelope.Status = EnvelopeStatus.Scheduled;
        envelope.OwnerId = TransportConstants.AnyNode;
        return IncomingRow.Of(envelope);
    }
}
