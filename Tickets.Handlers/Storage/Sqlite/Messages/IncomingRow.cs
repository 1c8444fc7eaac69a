using System.Globalization;
using Wolverine;
using Wolverine.Runtime.Serialization;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

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
    // A message without one is told apart by the id alone, and can still be read and dead-lettered.
    private const string NoAddress = "unknown://none";

    public static object KeyOf(Envelope envelope) => new { Id = envelope.Id.ToString(), ReceivedAt = AddressOf(envelope) };

    public static string AddressOf(Envelope envelope) => envelope.Destination?.ToString() ?? NoAddress;

    public static IncomingRow Of(Envelope envelope) => new(
        envelope.Id.ToString(),
        AddressOf(envelope),
        envelope.Status.ToString(),
        envelope.OwnerId,
        envelope.ScheduledTime?.ToUnixTimeMilliseconds(),
        envelope.Attempts,
        envelope.MessageType,
        envelope.KeepUntil?.ToUnixTimeMilliseconds(),
        envelope.Status == EnvelopeStatus.Handled ? [] : EnvelopeSerializer.Serialize(envelope));

    public Envelope ToEnvelope()
    {
        // What is stored as handled has no body: it is there to recognise repeats.
        var envelope = Body.Length > 0 ? EnvelopeSerializer.Deserialize(Body) : new Envelope { MessageType = MessageType };
        envelope.Id = Guid.Parse(Id, CultureInfo.InvariantCulture);
        envelope.Destination = new Uri(ReceivedAt);
        envelope.Status = Enum.Parse<EnvelopeStatus>(Status);
        envelope.OwnerId = (int)OwnerId;
        envelope.Attempts = (int)Attempts;
        envelope.ScheduledTime = TimeOf(ExecutionTime);
        envelope.KeepUntil = TimeOf(KeepUntil);
        return envelope;
    }

    private static DateTimeOffset? TimeOf(long? milliseconds) =>
        milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
