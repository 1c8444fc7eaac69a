using Wolverine.Persistence.Durability;
using Wolverine.Runtime.Serialization;

namespace Tickets.Handlers.Storage.Messages;

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
    public DeadLetterEnvelope ToDeadLetter()
    {
        var envelope = EnvelopeSerializer.Deserialize(Body);
        return new DeadLetterEnvelope(
            envelope.Id,
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
}
