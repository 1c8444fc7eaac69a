using NATS.Client.Core;

namespace Wolverine.Nats.Mapping;

/// <summary>What arrived, before anybody has trusted it.</summary>
/// <param name="Subject">The subject it was published to.</param>
/// <param name="Headers">Its headers; null when it had none.</param>
public readonly record struct NatsMessage(string Subject, NatsHeaders? Headers)
{
    /// <summary>A header's last value, or null; names are compared as NATS compares them, by case.</summary>
    public string? Header(string name) =>
        Headers is not null && Headers.TryGetValue(name, out var values) && values.Count > 0
            ? HeaderValue.Decode(values[^1])
            : null;

    /// <summary>Its <c>Nats-Msg-Id</c> as it stands there, the first one if it has several, by which the server knows repeats: two that differ are two messages. Null when it has none.</summary>
    internal string? MessageId => Headers is not null && Headers.TryGetValue(OutgoingHeaders.MessageId, out var values) && values.Count > 0 ? values[0] : null;
}
