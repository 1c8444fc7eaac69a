using Microsoft.Extensions.Logging;
using Wolverine.Configuration;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Receiving;
using Wolverine.Nats.Sending;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats;

/// <summary>
/// One NATS subject that Wolverine listens to or sends to: through a JetStream stream when
/// <see cref="StreamName"/> is set, by core NATS otherwise.
/// </summary>
public sealed class NatsEndpoint : Endpoint, IBrokerEndpoint
{
    private readonly NatsTransport _transport;

    internal NatsEndpoint(string subject, NatsTransport transport, EndpointRole role)
        : base(NatsEndpointUri.Subject(subject), role)
    {
        Subject = subject;
        EndpointName = subject;
        Mode = EndpointMode.BufferedInMemory;
        MessageBatchSize = 256;
        MessageBatchMaxDegreeOfParallelism = 4;
        _transport = transport;
    }

    /// <summary>The subject: a filter (wildcards allowed) for a listener, the destination for a sender.</summary>
    public string Subject { get; }

    /// <summary>The JetStream stream; null (the default) means core NATS.</summary>
    public string? StreamName { get; internal set; }

    /// <summary>What the durable consumer of a JetStream listener is called and how it behaves.</summary>
    public ConsumerConfiguration Consumer { get; } = new();

    /// <summary>Where deliveries go that can never be handled; null (the default) leaves them to Wolverine's store.</summary>
    public DeadLetterConfiguration? DeadLetters { get; internal set; }

    /// <summary>Chooses the subject of each outgoing message; null (the default) sends all to <see cref="Subject"/>.</summary>
    public Func<Envelope, string>? SubjectOf { get; internal set; }

    /// <summary>How envelopes become NATS messages and back.</summary>
    public INatsEnvelopeMapper Mapper { get; internal set; } = WolverineHeadersMapper.Instance;

    /// <inheritdoc/>
    public override string BrokerRole => UsesJetStream ? "stream" : "subject";

    internal bool UsesJetStream => StreamName is not null;

    /// <summary>Only JetStream deliveries can be settled one by one and in any order.</summary>
    protected override bool supportsNativeAck => UsesJetStream;

    /// <summary>JetStream redelivers when AckWait runs out, so the listener renews it.</summary>
    protected internal override bool holdsExpiringLease => UsesJetStream;

    /// <inheritdoc/>
    public override int? InFlightLimit => UsesJetStream && IsListener ? Consumer.MaxAckPending : null;

    /// <inheritdoc/>
    public override async ValueTask<IListener> BuildListenerAsync(IWolverineRuntime runtime, IReceiver receiver)
    {
        var logger = runtime.LoggerFactory.CreateLogger<NatsEndpoint>();
        if (!UsesJetStream)
        {
            var core = new CoreNatsListener(this, _transport.Connection, receiver, logger);
            await core.StartAsync(runtime.Cancellation);
            return core;
        }

        var deadLetters = DeadLetters is { } target
            ? new DeadLetterPublisher(_transport.Publisher, target, Consumer.Name)
            : null;
        var listener = new JetStreamListener(this, _transport, receiver, deadLetters, logger);
        listener.Start();
        return listener;
    }

    /// <inheritdoc/>
    protected override ISender CreateSender(IWolverineRuntime runtime)
    {
        if (!UsesJetStream)
        {
            return new CoreNatsSender(this, _transport.Connection);
        }

        return Mode == EndpointMode.Inline
            ? new JetStreamSender(this, _transport)
            : new BatchedSender(
                this,
                new JetStreamSenderProtocol(this, _transport),
                runtime.Cancellation,
                runtime.LoggerFactory.CreateLogger<NatsEndpoint>());
    }

    internal string SubjectFor(Envelope envelope) =>
        SubjectOf is { } choose ? NatsSubject.Publishable(choose(envelope)) : Subject;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync(ILogger logger)
    {
        if (_transport.AutoProvision && UsesJetStream && IsListener)
        {
            await SetupAsync(logger);
        }
    }

    /// <summary>Whether the stream, and for a listener its consumer, exists as declared.</summary>
    public async ValueTask<bool> CheckAsync() =>
        !UsesJetStream || !IsListener
        || await _transport.Consumers.DifferencesAsync(StreamName!, Consumer, Subject, CancellationToken.None) is { Count: 0 };

    /// <summary>Deletes the listener's consumer. The stream and its messages stay.</summary>
    public async ValueTask TeardownAsync(ILogger logger)
    {
        if (UsesJetStream && IsListener)
        {
            await _transport.Consumers.DeleteAsync(StreamName!, Consumer.Name, CancellationToken.None);
        }
    }

    /// <summary>Creates or updates the listener's consumer and reads it back.</summary>
    /// <exception cref="Provisioning.TopologyMismatchException">The server keeps another configuration.</exception>
    public async ValueTask SetupAsync(ILogger logger)
    {
        if (UsesJetStream && IsListener)
        {
            await _transport.Consumers.ProvisionAsync(StreamName!, Consumer, Subject, CancellationToken.None);
        }
    }
}
