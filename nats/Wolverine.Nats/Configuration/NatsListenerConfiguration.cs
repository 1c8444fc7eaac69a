using NATS.Client.JetStream.Models;
using Wolverine.Configuration;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Receiving;
using Wolverine.Runtime;

namespace Wolverine.Nats.Configuration;

/// <summary>Says how a NATS subject is listened to.</summary>
public sealed class NatsListenerConfiguration : ListenerConfiguration<NatsListenerConfiguration, NatsEndpoint>
{
    /// <summary>Made by <c>ListenToNatsSubject</c>.</summary>
    public NatsListenerConfiguration(NatsEndpoint endpoint)
        : base(endpoint)
    {
    }

    /// <summary>
    /// Consumes the subject from a JetStream stream through a durable consumer, each delivery settled only after its
    /// handler has finished (<see cref="EndpointMode.NativeAck"/>) unless another mode is asked for.
    /// </summary>
    /// <param name="streamName">
    /// The stream that captures the subject. Default: the declared one that does; else a work queue of its own, named
    /// after the subject.
    /// </param>
    /// <param name="consumerName">
    /// The durable consumer; processes with the same name share the work. Default: named after service and subject.
    /// </param>
    /// <param name="configure">Changes the consumer's defaults.</param>
    public NatsListenerConfiguration UseJetStream(
        string? streamName = null, string? consumerName = null, Action<ConsumerConfiguration>? configure = null)
    {
        // At once, not delayed: whether a mode is supported depends on it, and the mode may be set before or after.
        _endpoint!.ListensToJetStream = true;
        add(endpoint =>
        {
            endpoint.StreamName = streamName ?? endpoint.StreamName;
            endpoint.ConsumerName = consumerName ?? endpoint.ConsumerName;
            configure?.Invoke(endpoint.Consumer);
            if (endpoint.ListenerRequestedMode is null)
            {
                endpoint.RequestListenerMode(EndpointMode.NativeAck);
            }
        });
        return this;
    }

    /// <summary>Shares the messages of a core NATS subject among all listeners of the same group.</summary>
    public NatsListenerConfiguration UseQueueGroup(string queueGroup)
    {
        add(endpoint => endpoint.QueueGroup = queueGroup);
        return this;
    }

    /// <summary>Where a new consumer begins. An existing one stays where it is.</summary>
    public NatsListenerConfiguration DeliverFrom(ConsumerConfigDeliverPolicy deliverPolicy)
    {
        add(endpoint => endpoint.Consumer.DeliverPolicy = deliverPolicy);
        return this;
    }

    /// <summary>Dead-letters what was delivered so often, and says where to.</summary>
    /// <param name="maxDeliveryAttempts">Deliveries of one message after which it is not handled again.</param>
    /// <param name="deadLetterSubject">As for <see cref="DeadLetterTo(string)"/>; null keeps what is set.</param>
    public NatsListenerConfiguration ConfigureDeadLetterQueue(int maxDeliveryAttempts, string? deadLetterSubject = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDeliveryAttempts, 1);
        add(endpoint =>
        {
            endpoint.DeadLetterQueueEnabled = true;
            endpoint.Consumer.MaxDeliver = maxDeliveryAttempts;
        });
        return deadLetterSubject is null ? this : DeadLetterTo(deadLetterSubject);
    }

    /// <summary>Leaves dead letters to Wolverine's message store; without one they are logged and gone.</summary>
    public NatsListenerConfiguration DisableDeadLetterQueueing()
    {
        add(endpoint => endpoint.DeadLetterQueueEnabled = false);
        return this;
    }

    /// <summary>
    /// Copies what can never be handled to a subject before it is terminated. Default: <c>dlq.</c> and the original
    /// subject when there is no message store, else Wolverine's own dead letters.
    /// </summary>
    public NatsListenerConfiguration DeadLetterTo(string deadLetterSubject)
    {
        var target = DeadLetterConfiguration.To(deadLetterSubject);
        add(endpoint => endpoint.DeadLetters = target);
        return this;
    }

    /// <summary>As <see cref="DeadLetterTo(string)"/>, each to a subject of its own. A declared stream must capture them.</summary>
    /// <param name="subjectOf">Original subject and tenant (null when it could not be read) to dead-letter subject.</param>
    public NatsListenerConfiguration DeadLetterTo(Func<string, string?, string> subjectOf)
    {
        add(endpoint => endpoint.DeadLetters = new DeadLetterConfiguration(subjectOf, Filter: null));
        return this;
    }

    /// <summary>
    /// Tells of each dead letter once its copy is on a subject and before the delivery is terminated: to answer who waits,
    /// for instance. It is told again when the process dies in between, and when it throws.
    /// </summary>
    public NatsListenerConfiguration WhenDeadLettered(Func<DeadLetter, IWolverineRuntime, Task> tell)
    {
        add(endpoint => endpoint.WhenDeadLettered = tell);
        return this;
    }

    /// <summary>Reads messages in another way than by Wolverine's own headers.</summary>
    public NatsListenerConfiguration UseInterop(INatsEnvelopeMapper mapper)
    {
        add(endpoint => endpoint.Mapper = mapper);
        return this;
    }
}
