using NATS.Client.Core;

namespace Wolverine.Nats.Mapping;

/// <summary>Turns envelopes into NATS headers and NATS messages into envelopes. Called from many threads at once.</summary>
public interface INatsEnvelopeMapper
{
    /// <summary>
    /// Writes the headers of an outgoing message. <c>Nats-*</c> headers are the transport's own and are refused, as are names and values
    /// that can't be written. When it throws, the message is given up, and an inline sender throws the same.
    /// </summary>
    void MapOutgoing(Envelope envelope, NatsHeaders headers);

    /// <summary>Reads a message into an envelope whose body, id and address are already set.</summary>
    /// <exception cref="UnreadableMessageException">It can't be understood; a JetStream delivery is dead-lettered with that reason.</exception>
    void MapIncoming(NatsMessage message, Envelope envelope);
}
