using Wolverine.Configuration;
using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Configuration;

/// <summary>Says how a NATS subject is listened to.</summary>
public sealed class NatsListenerConfiguration : ListenerConfiguration<NatsListenerConfiguration, NatsEndpoint>
{
    internal NatsListenerConfiguration(NatsEndpoint endpoint)
        : base(endpoint)
    {
    }

    /// <summary>
    /// Consumes the subject from a JetStream stream through a durable consumer, each delivery settled only after its
    /// handler has finished.
    /// </summary>
    /// <param name="streamName">The stream that captures the subject.</param>
    /// <param name="consumerName">The durable consumer; processes with the same name share the work.</param>
    /// <param name="configure">Changes the consumer's defaults.</param>
    public NatsListenerConfiguration UseJetStream(
        string streamName, string consumerName, Action<ConsumerConfiguration>? configure = null)
    {
        add(endpoint =>
        {
            endpoint.StreamName = streamName;
            endpoint.Consumer.Name = consumerName;
            configure?.Invoke(endpoint.Consumer);
        });
        return ProcessInParallelWithNativeAcks();
    }

    /// <summary>Copies what can never be handled to another stream before it is terminated.</summary>
    /// <param name="subjectOf">Original subject and tenant (may be null) to dead-letter subject.</param>
    public NatsListenerConfiguration DeadLetterTo(Func<string, string?, string> subjectOf)
    {
        add(endpoint => endpoint.DeadLetters = new DeadLetterConfiguration(subjectOf));
        return this;
    }

    /// <summary>Reads messages in another way than by Wolverine's own headers.</summary>
    public NatsListenerConfiguration UseInterop(INatsEnvelopeMapper mapper)
    {
        add(endpoint => endpoint.Mapper = mapper);
        return this;
    }
}
