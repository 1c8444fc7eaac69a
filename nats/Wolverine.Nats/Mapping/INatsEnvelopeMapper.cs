using NATS.Client.Core;

namespace Wolverine.Nats.Mapping;

/// <summary>Turns envelopes into NATS headers and NATS messages into envelopes. Called from many threads at once.</summary>
public interface INatsEnvelopeMapper
{
    /// <summary>Writes the headers of an outgoing message. <c>Nats-*</c> headers are the transport's own and are refused.</summary>
    void MapOutgoing(Envelope envelope, NatsHeaders headers);

    /// <summary>Reads a message into an envelope whose body, id and address are already set.</summary>
    /// <exception cref="UnreadableMessageException">It can't be understood; a JetStream delivery is dead-lettered with that reason.</exception>
    void MapIncoming(NatsMessage message, Envelope envelope);
}
