using System.Collections.Concurrent;
using JasperFx.Descriptors;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Configuration;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Provisioning;
using Wolverine.Nats.Receiving;
using Wolverine.Nats.Sending;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats;

/// <summary>Wolverine's NATS transport: one connection, the streams it declares and the endpoints on them.</summary>
public sealed class NatsTransport : BrokerTransport<NatsEndpoint>, IAsyncDisposable
{
    /// <summary>The scheme of endpoint addresses.</summary>
    public const string ProtocolName = "nats";

    private readonly ConcurrentDictionary<string, NatsEndpoint> _endpoints = new(StringComparer.Ordinal);
    private NatsConnection? _connection;
    private NatsEndpoint? _replies;

    /// <summary>Wolverine creates the transport through its transport collection.</summary>
    public NatsTransport()
        : base(ProtocolName, "NATS", ["nats.io"])
    {
    }

    /// <summary>Everything a user sets.</summary>
    [IgnoreDescription]
    public NatsTransportConfiguration Configuration { get; } = new();

    /// <summary>The shared connection.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="ConnectAsync"/>.</exception>
    [IgnoreDescription]
    public NatsConnection Connection =>
        _connection ?? throw new InvalidOperationException("The NATS transport is not connected yet; start the host first.");

    /// <summary>JetStream on <see cref="Connection"/>.</summary>
    [IgnoreDescription]
    public INatsJSContext JetStream => field ??= new NatsJSContext(Connection);

    [IgnoreDescription]
    internal JetStreamPublisher Publisher => field ??= new JetStreamPublisher(JetStream);

    [IgnoreDescription]
    internal ConsumerProvisioner Consumers => field ??= new ConsumerProvisioner(JetStream);

    /// <summary>Compares and creates the declared streams.</summary>
    [IgnoreDescription]
    public StreamProvisioner Streams => field ??= new StreamProvisioner(JetStream);

    /// <summary>Which listeners are receiving.</summary>
    [IgnoreDescription]
    public ListenerHealth Health { get; } = new();

    /// <summary>The subject that answers to this node arrive on; set while connecting.</summary>
    public string? ReplySubject => _replies?.Subject;

    /// <inheritdoc/>
    public override Uri ResourceUri => new($"{ProtocolName}://{Configuration.DescribeServers().Split(',')[0]}");

    /// <summary>The servers as host and port, without credentials.</summary>
    public override string? DescribeEndpoint() => Configuration.DescribeServers();

    /// <inheritdoc/>
    public override Endpoint? ReplyEndpoint() => _replies;

    /// <inheritdoc/>
    public override async ValueTask ConnectAsync(IWolverineRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        if (_connection is null)
        {
            ListenForReplies(runtime);
            _connection = new NatsConnection(Configuration.ToNatsOpts(runtime.Options.ServiceName, runtime.LoggerFactory));
        }

        await _connection.ConnectAsync();
        var captured = await Streams.CapturingAsync(ReplySubject!, runtime.Cancellation);
        if (captured is not null)
        {
            throw new TopologyMismatchException(
                captured, [$"it captures the reply subject '{ReplySubject}', so its acks would be taken for answers"]);
        }

        if (AutoProvision)
        {
            foreach (var stream in Configuration.Streams)
            {
                await Streams.ProvisionAsync(stream, runtime.Cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<PropertyColumn> DiagnosticColumns() =>
    [
        new(nameof(NatsEndpoint.Subject)),
        new(nameof(NatsEndpoint.StreamName), "Stream"),
    ];

    /// <summary>The endpoint of a subject, made on first use.</summary>
    public NatsEndpoint EndpointForSubject(string subject) =>
        _endpoints.GetOrAdd(NatsSubject.Filter(subject), s => new NatsEndpoint(s, this, EndpointRole.Application));

    internal IEnumerable<NatsEndpoint> JetStreamListeners() =>
        _endpoints.Values.Where(endpoint => endpoint is { UsesJetStream: true, IsListener: true });

    /// <inheritdoc/>
    protected override IEnumerable<NatsEndpoint> endpoints() => _endpoints.Values;

    /// <inheritdoc/>
    protected override NatsEndpoint findEndpointByUri(Uri uri) => EndpointForSubject(NatsEndpointUri.SubjectOf(uri));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    // Unique for each process: several solo services on one server all have node number 1.
    private void ListenForReplies(IWolverineRuntime runtime)
    {
        _replies = EndpointForSubject($"_INBOX.wolverine.{runtime.Options.UniqueNodeId:N}");
        _replies.IsListener = true;
        _replies.IsUsedForReplies = true;
        _replies.MaxDegreeOfParallelism = Environment.ProcessorCount * 2;
    }
}
