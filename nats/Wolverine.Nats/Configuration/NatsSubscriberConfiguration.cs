using Wolverine.Configuration;
using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Configuration;

/// <summary>Says how messages are sent to a NATS subject.</summary>
public sealed class NatsSubscriberConfiguration : SubscriberConfiguration<NatsSubscriberConfiguration, NatsEndpoint>
{
    internal NatsSubscriberConfiguration(NatsEndpoint endpoint)
        : base(endpoint)
    {
    }

    /// <summary>Publishes to a JetStream stream: every publish is acknowledged by that stream or fails.</summary>
    /// <param name="streamName">The stream that captures the subject; an ack of another one is an error.</param>
    public NatsSubscriberConfiguration UseJetStream(string streamName)
    {
        add(endpoint => endpoint.StreamName = streamName);
        return this;
    }

    /// <summary>Chooses the subject of each message, for instance by its type or tenant.</summary>
    public NatsSubscriberConfiguration ToSubject(Func<Envelope, string> subjectOf)
    {
        add(endpoint => endpoint.SubjectOf = subjectOf);
        return this;
    }

    /// <summary>Writes messages in another way than with Wolverine's own headers.</summary>
    public NatsSubscriberConfiguration UseInterop(INatsEnvelopeMapper mapper)
    {
        add(endpoint => endpoint.Mapper = mapper);
        return this;
    }
}
