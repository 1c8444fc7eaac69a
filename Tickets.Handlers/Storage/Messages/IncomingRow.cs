using Wolverine;
using Wolverine.Runtime.Serialization;

namespace Tickets.Handlers.Storage.Messages;

/// <summary>An incoming message as its columns.</summary>
internal sealed record IncomingRow(
    string Id,
    string ReceivedAt,
    string Status,
    long OwnerId,
    long? ExecutionTime,
    long Attempts,
    string? MessageType,
    long? KeepUntil,
    byte[] Body)
{
    public static object KeyOf(Envelope envelope) => new { Id = envelope.Id.ToString(), ReceivedAt = envelope.Destination!.ToString() };

    public static IncomingRow Of(Envelope envelope) => new(
        envelope.Id.ToString(),
        envelope.Destination!.ToString(),
        envelope.Status.ToString(),
        envelope.OwnerId,
        envelope.ScheduledTime?.ToUnixTimeMilliseconds(),
        envelope.Attempts,
        envelope.MessageType,
        envelope.KeepUntil?.ToUnixTimeMilliseconds(),
        EnvelopeSerializer.Serialize(envelope));

    public Envelope ToEnvelope()
    {
        var envelope = EnvelopeSerializer.Deserialize(Body);
        envelope.Destination = new Uri(ReceivedAt);
        envelope.Status = Enum.Parse<EnvelopeStatus>(Status);
        envelope.OwnerId = (int)OwnerId;
        envelope.Attempts = (int)Attempts;
        envelope.ScheduledTime = ExecutionTime is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
        return envelope;
    }
}
