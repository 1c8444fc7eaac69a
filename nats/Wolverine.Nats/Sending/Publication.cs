using NATS.Client.Core;

namespace Wolverine.Nats.Sending;

/// <summary>A message for a stream.</summary>
/// <param name="Subject">Where to.</param>
/// <param name="Data">The body.</param>
/// <param name="Headers">The headers; the publisher adds its own.</param>
/// <param name="MessageId">The message's identity for good: the same on every retry.</param>
internal readonly record struct Publication(string Subject, ReadOnlyMemory<byte> Data, NatsHeaders Headers, string MessageId);
