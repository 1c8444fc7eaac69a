namespace Wolverine.Nats;

/// <summary>One of the messages that an envelope stands for; see <c>Unpack</c>.</summary>
/// <param name="Id">Its identity for good.</param>
/// <param name="MessageType">Wolverine's name of its type.</param>
/// <param name="Body">Its body.</param>
public readonly record struct MessagePart(Guid Id, string MessageType, ReadOnlyMemory<byte> Body);
