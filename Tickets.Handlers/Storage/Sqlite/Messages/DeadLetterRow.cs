using System.Globalization;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime.Serialization;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>A dead letter as its columns.</summary>
internal sealed record DeadLetterRow(
    string Id,
    string ReceivedAt,
    string MessageType,
    string Source,
    string ExceptionType,
    string ExceptionMessage,
    long SentAt,
    long FailedAt,
    long Replayable,
    byte[] Body)
{
    public static DeadLetterRow Of(Envelope envelope, Exception? exception, DateTimeOffset failedAt) => new(
        envelope.Id.ToString(),
        IncomingRow.AddressOf(envelope),
        envelope.MessageType ?? string.Empty,
        envelope.Source ?? string.Empty,
        exception.DeadLetterExceptionType() ?? string.Empty,
        exception.DeadLetterExceptionMessage() ?? string.Empty,
        envelope.SentAt.ToUnixTimeMilliseconds(),
        failedAt.ToUnixTimeMilliseconds(),
        0,
        BodyOf(envelope));

    public DeadLetterEnvelope ToDeadLetter()
    {
        var id = Guid.Parse(Id, CultureInfo.InvariantCulture);
        var envelope = Body.Length > 0
            ? EnvelopeSerializer.Deserialize(Body)
            : new Envelope { Id = id, MessageType = MessageType, Destination = new Uri(ReceivedAt) };
        return new DeadLetterEnvelope(
            id,
            envelope.ScheduledTime,
            envelope,
            MessageType,
            ReceivedAt,
            Source,
            ExceptionType,
            ExceptionMessage,
            DateTimeOffset.FromUnixTimeMilliseconds(SentAt),
            Replayable == 1)
        {
            FailedAt = DateTimeOffset.FromUnixTimeMilliseconds(FailedAt),
        };
    }

    // A message may be here for the very reason that it can't be written; its end must be recorded all the same.
    private static byte[] BodyOf(Envelope envelope)
    {
        try
        {
            return EnvelopeSerializer.Serialize(envelope);
        }
        catch (WolverineSerializationException)
        {
            return [];
        }
    }
}
