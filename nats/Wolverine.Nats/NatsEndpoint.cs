using JasperFx.Descriptors;
using Microsoft.Extensions.Logging;
using Wolverine.Configuration;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Provisioning;
using Wolverine.Nats.Receiving;
using Wolverine.Nats.Sending;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats;

/// <summary>One NATS subject that Wolverine listens to or sends to, through a JetStream stream or by core NATS.</summary>
public sealed class NatsEndpoint : Endpoint, IBrokerEndpoint
{
    private static readonly TimeSpan ShortestAckWait = TimeSpan.FromSeconds(2);

    private readonly NatsTransport _transport;

    internal NatsEndpoint(string subject, NatsTransport transport, EndpointRole role)
        : base(NatsEndpointUri.Subject(transport.Protocol, subject), role)
    {
        Subject = subject;
        EndpointName = subject;
        Mode = EndpointMode.BufferedInMemory;
        MessageBatchSize = 256;
        MessageBatchMaxDegreeOfParallelism = 4;
        MessageBatchTimeout = TimeSpan.FromMilliseconds(2);
        MaximumEnvelopeRetryStorage = 100_000;
        _transport = transport;
    }

    /// <summary>The subject: a filter (wildcards allowed) for a listener, the destination for a sender.</summary>
    public string Subject { get; }

    /// <summary>The JetStream stream; null when none was named.</summary>
    public string? StreamName { get; internal set; }

    /// <summary>The durable consumer of a JetStream listener; null when none was named.</summary>
    public string? ConsumerName { get; internal set; }

    /// <summary>How the durable consumer of a JetStream listener behaves.</summary>
    [ChildDescription]
    public ConsumerConfiguration Consumer { get; } = new();

    /// <summary>The queue group of a core NATS listener; null means the transport's default.</summary>
    public string? QueueGroup { get; internal set; }

    /// <summary>Whether dead letters go to a subject. Default true.</summary>
    public bool DeadLetterQueueEnabled { get; internal set; } = true;

    /// <summary>Headers of every outgoing message.</summary>
    [IgnoreDescription]
    public IDictionary<string, string> CustomHeaders { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is added to the subject of a message that the server delivers later, before the message's id. Default <c>.scheduled</c>.</summary>
    public string ScheduleSubjectSuffix { get; internal set; } = ".scheduled";

    /// <summary>Whether a durable endpoint waits for each message's ack before it sends the next. Default false.</summary>
    public bool SendsOneByOne { get; internal set; }

    /// <summary>Chooses the subject of each outgoing message; null (the default) sends all to <see cref="Subject"/>.</summary>
    [IgnoreDescription]
    public Func<Envelope, string>? SubjectOf { get; internal set; }

    /// <summary>How envelopes become NATS messages and back. Default: by Wolverine's own headers.</summary>
    [IgnoreDescription]
    public INatsEnvelopeMapper Mapper
    {
        get => field ??= new WolverineHeadersMapper(this);
        internal set;
    }

    /// <inheritdoc/>
    public override string BrokerRole => PublishesToJetStream ? "stream" : "subject";

    /// <inheritdoc/>
    public override int? InFlightLimit => ListensToJetStream && IsListener ? Consumer.InFlightLimit : null;

    /// <inheritdoc/>
    public override DeadLetterStorageMode DeadLetterStorage =>
        HasDeadLetterSubject ? DeadLetterStorageMode.Native : DeadLetterStorageMode.Durable;

    [IgnoreDescription]
    internal NatsTransport Transport => _transport;

    internal bool ListensToJetStream
    {
        get => field && _transport.Configuration.EnableJetStream;
        set;
    }

    internal bool PublishesToJetStream
    {
        get => _transport.Configuration.EnableJetStream
            && (field || ListensToJetStream || (!ChoosesSubjects && _transport.DeclaredStreamFor(Subject) is not null));
        set;
    }

    [IgnoreDescription]
    internal DeadLetterConfiguration? DeadLetters { get; set; }

    [IgnoreDescription]
    internal Func<IReadOnlyList<Envelope>, IWolverineRuntime, Task>? WhenConfirmed { get; set; }

    [IgnoreDescription]
    internal Func<Envelope, IReadOnlyList<MessagePart>?>? Parts { get; set; }

    [IgnoreDescription]
    internal Func<DeadLetter, IWolverineRuntime, Task>? WhenDeadLettered { get; set; }

    /// <summary>Whether dead letters go to a subject: to the one that was named, or because Wolverine has no store and would drop them.</summary>
    internal bool HasDeadLetterSubject => ListensToJetStream && IsListener && DeadLetterQueueEnabled
        && (DeadLetters is not null || Runtime?.Storage is NullMessageStore);

    /// <summary>Whether each outgoing message has a subject of its own.</summary>
    internal bool ChoosesSubjects => SubjectOf is not null || RoutingType == RoutingMode.ByTopic;

    /// <summary>Whether some messages go through JetStream and others do not, by their subjects.</summary>
    internal bool MayPublishToJetStream =>
        PublishesToJetStream || (ChoosesSubjects && _transport.Configuration is { EnableJetStream: true, Streams.Count: > 0 });

    /// <summary>Whether what a durable endpoint sends is published many at once.</summary>
    internal bool SendsInBatches => Mode == EndpointMode.Durable && PublishesToJetStream && !SendsOneByOne;

    internal bool IsInbox => Subject.StartsWith(NatsTransport.InboxPrefix, StringComparison.Ordinal);

    /// <summary>Whether a delivery is settled by what its handler came to, and not before.</summary>
    internal bool SettlesAfterHandling => Mode is EndpointMode.NativeAck or EndpointMode.Inline;

    internal TimeSpan AckWait => Consumer.AckWait ?? _transport.Configuration.JetStreamDefaults.AckWait;

    internal int MaxDeliver => Consumer.MaxDeliver ?? _transport.Configuration.JetStreamDefaults.MaxDeliver;

    /// <inheritdoc/>
    protected internal override bool HasCustomEnvelopeMapper => Mapper is not WolverineHeadersMapper;

    /// <summary>Only JetStream deliveries can be settled one by one and in any order.</summary>
    protected override bool supportsNativeAck => ListensToJetStream;

    /// <summary>JetStream redelivers when AckWait runs out, so the listener renews it.</summary>
    protected internal override bool holdsExpiringLease => ListensToJetStream;

    /// <summary>Core NATS confirms nothing, so a durable inbox or outbox on it would promise what it can't keep.</summary>
    protected override bool supportsMode(EndpointMode mode) => mode switch
    {
        EndpointMode.Durable => PublishesToJetStream,
        EndpointMode.NativeAck => ListensToJetStream,
        _ => true,
    };

    /// <inheritdoc/>
    public override async ValueTask<IListener> BuildListenerAsync(IWolverineRuntime runtime, IReceiver receiver) =>
        await new ListenerFactory(this, runtime).BuildAsync(receiver);

    /// <inheritdoc/>
    protected override ISender CreateSender(IWolverineRuntime runtime) => new SenderFactory(this, runtime).Build();

    /// <inheritdoc/>
    protected internal override ISendingAgent StartSending(IWolverineRuntime runtime, Uri? replyUri)
    {
        Compile(runtime);
        if (SendsInBatches)
        {
            // What can't be sent is the outbox's to keep: all of it goes back there at once, none of it is set aside in memory.
            MaximumEnvelopeRetryStorage = 0;
            FailuresBeforeCircuitBreaks = 1;
        }

        if (Mode == EndpointMode.Durable || !MayPublishToJetStream || runtime.Options.ExternalTransportsAreStubbed
            || HasSendingPolicies(runtime))
        {
            return base.StartSending(runtime, replyUri);
        }

        Agent = SendsInline
            ? new ConfirmedSendingAgent(CreateSender(runtime), this, runtime) { ReplyUri = replyUri }
            : new RetainingSendingAgent(CreateSender(runtime), this, runtime) { ReplyUri = replyUri };
        return Agent;
    }

    /// <inheritdoc/>
    public override bool TryBuildDeadLetterSender(IWolverineRuntime runtime, out ISender? deadLetterSender)
    {
        deadLetterSender = ListensToJetStream && !SettlesAfterHandling
            ? new ListenerFactory(this, runtime).DeadLetterSender()
            : null;
        return deadLetterSender is not null;
    }

    /// <inheritdoc/>
    /// <exception cref="TopologyDeclarationException">Listener and sender want what one endpoint can't do.</exception>
    /// <exception cref="TopologyMismatchException">A consumer is not as declared, or is missing and may not be made.</exception>
    public override async ValueTask InitializeAsync(ILogger logger) => await NatsTransport.GiveUpOnMisfitAsync(Runtime!, async () =>
    {
        SettleMode();
        RequireRenewableLease();
        RequirePlaceInFlight();
        foreach (var (broker, consumer) in _transport.ConsumersOf(this))
        {
            await broker.Refusals.ExplainAsync(async () => await (_transport.Provisions
                ? broker.Consumers.ProvisionAsync(consumer, CancellationToken.None)
                : broker.Consumers.RequireAsync(consumer, CancellationToken.None)));
            if (_transport.Declarations.DeadLettersOf(this, consumer.Filter) is { Filter: { } filter })
            {
                await broker.Refusals.ExplainAsync(
                    () => new DeadLetterStreams(_transport, broker, consumer).EnsureCapturedAsync(filter, filter, CancellationToken.None));
            }
        }
    });

    /// <summary>Whether the stream, and for a listener its consumers, exist as declared.</summary>
    public async ValueTask<bool> CheckAsync()
    {
        foreach (var (broker, consumer) in _transport.ConsumersOf(this))
        {
            if (await broker.Consumers.DifferencesAsync(consumer, CancellationToken.None) is { Count: > 0 })
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Deletes the listener's consumers. The stream and its messages stay.</summary>
    public async ValueTask TeardownAsync(ILogger logger)
    {
        foreach (var (broker, consumer) in _transport.ConsumersOf(this))
        {
            await broker.Consumers.DeleteAsync(consumer.Stream, consumer.Name, CancellationToken.None);
        }
    }

    /// <summary>Creates or updates the listener's consumers and reads them back.</summary>
    /// <exception cref="TopologyMismatchException">The server keeps another configuration.</exception>
    public async ValueTask SetupAsync(ILogger logger)
    {
        foreach (var (broker, consumer) in _transport.ConsumersOf(this))
        {
            await broker.Consumers.ProvisionAsync(consumer, CancellationToken.None);
        }
    }

    // The application has said by itself what becomes of messages that can't be sent; Wolverine's agents see to that.
    private bool HasSendingPolicies(IWolverineRuntime runtime) =>
        runtime.Options.SendingFailure.HasAnyRules || SendingFailure is { HasAnyRules: true };

    // Leases are renewed when half of them is over, and not more often than once a second.
    private void RequireRenewableLease()
    {
        if (IsListener && ListensToJetStream && AckWait < ShortestAckWait)
        {
            throw new TopologyDeclarationException($"The AckWait of '{Subject}' is {AckWait}; leases can be renewed from {ShortestAckWait} on.");
        }
    }

    private void RequirePlaceInFlight()
    {
        if (IsListener && ListensToJetStream && Consumer.InFlightLimit < 1)
        {
            throw new TopologyDeclarationException($"'{Subject}' may hold {Consumer.InFlightLimit} deliveries; set MaxInFlight and MaxAckPending to at least 1.");
        }
    }

    // One endpoint has one mode, and the last word wins: the listener's is the one that keeps deliveries safe.
    private void SettleMode()
    {
        if (!IsListener || ListenerRequestedMode is not { } wanted || Mode == wanted)
        {
            return;
        }

        if (SubscriberRequestedMode == EndpointMode.Durable)
        {
            throw new TopologyDeclarationException(
                $"'{Subject}' is listened to with {wanted} and sent to through the durable outbox. "
                + "Use UseDurableInbox() for the listener as well, or send to another subject.");
        }

        if (SubscriberRequestedMode == Mode)
        {
            Mode = wanted;
        }
    }
}
