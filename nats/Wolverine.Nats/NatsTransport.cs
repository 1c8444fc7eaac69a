using System.Collections.Concurrent;
using JasperFx.Descriptors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Configuration;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Diagnostics;
using Wolverine.Nats.Provisioning;
using Wolverine.Nats.Receiving;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats;

/// <summary>Wolverine's NATS transport: its connections, the streams it declares and the endpoints on them.</summary>
public sealed class NatsTransport : BrokerTransport<NatsEndpoint>, ITransport, IAsyncDisposable
{
    /// <summary>The scheme of endpoint addresses on the default broker.</summary>
    public const string ProtocolName = "nats";

    internal const string InboxPrefix = "_INBOX.";

    private readonly ConcurrentDictionary<string, NatsEndpoint> _endpoints = new(StringComparer.Ordinal);
    private NatsBroker? _broker;
    private NatsEndpoint? _replies;
    private PermissionRefusals? _besides;
    private int _topicSenders;
    private volatile bool _isEstablished;

    /// <summary>Wolverine creates the default broker through its transport collection.</summary>
    public NatsTransport()
        : this(ProtocolName)
    {
    }

    /// <summary>Wolverine creates a named broker: its name is the scheme of its endpoints' addresses.</summary>
    public NatsTransport(string protocol)
        : base(protocol, "NATS", ["nats.io"])
    {
        IdentifierDelimiter = ".";
        Declarations = new Declarations(this);
        Topology = new Topology(this, Declarations);
    }

    /// <summary>Everything a user sets.</summary>
    public NatsTransportConfiguration Configuration { get; } = new();

    /// <summary>The shared connection.</summary>
    /// <exception cref="InvalidOperationException">Before the host has started.</exception>
    [IgnoreDescription]
    public NatsConnection Connection => Broker.Connection;

    /// <summary>JetStream on <see cref="Connection"/>.</summary>
    [IgnoreDescription]
    public INatsJSContext JetStream => Broker.JetStream;

    /// <summary>Which listeners are receiving.</summary>
    [IgnoreDescription]
    public ListenerHealth Health { get; } = new();

    /// <summary>The subject that answers to this node arrive on; set while connecting.</summary>
    public string? ReplySubject => _replies?.Subject;

    /// <inheritdoc/>
    public override Uri ResourceUri => new($"{Protocol}://{Configuration.DescribeServers().Split(',')[0]}");

    [IgnoreDescription]
    internal NatsBroker Broker =>
        _broker ?? throw new InvalidOperationException("The NATS transport is not connected yet; start the host first.");

    /// <summary>Whether the shared connection is open now.</summary>
    public bool IsConnected => _broker?.Connection.ConnectionState == NatsConnectionState.Open;

    /// <summary>What the server has forbidden this user within the last minute, on the shared connection or the one opened last, as a sentence.</summary>
    [IgnoreDescription]
    public string? Forbidden => _broker?.Refusals.Described ?? _besides?.Described;

    /// <summary>Those that receive from JetStream now.</summary>
    [IgnoreDescription]
    internal ConcurrentDictionary<JetStreamListener, bool> Listeners { get; } = new();

    [IgnoreDescription]
    internal Declarations Declarations { get; }

    [IgnoreDescription]
    internal Topology Topology { get; }

    [IgnoreDescription]
    internal Dictionary<string, NatsTenant> Tenants { get; } = new(StringComparer.Ordinal);

    [IgnoreDescription]
    internal ITenantSubjectMapper TenantSubjectMapper { get; set; } = new DefaultTenantSubjectMapper();

    internal bool Provisions => AutoProvision || Configuration.AutoProvision;

    [IgnoreDescription]
    internal Func<string> ServiceName { get; set; } = () => "wolverine";

    /// <summary>The servers as host and port, without credentials.</summary>
    public override string? DescribeEndpoint() => Configuration.DescribeServers();

    /// <inheritdoc/>
    public override Endpoint? ReplyEndpoint() => _replies;

    /// <summary>As <see cref="NatsHealthCheck"/>, of this broker alone.</summary>
    public WolverineTransportHealthCheck? BuildHealthCheck(IWolverineRuntime runtime) => new TransportHealthCheck(this);

    /// <inheritdoc/>
    public override async ValueTask ConnectAsync(IWolverineRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        if (_replies is null)
        {
            ListenForReplies(runtime);
            LetStoppingEndTheStart(runtime);
        }

        await GiveUpOnMisfitAsync(runtime, () => EstablishAsync(runtime));
    }

    /// <summary>Opens the shared connection, and makes and checks nothing on the server: for a program that starts no host.</summary>
    /// <exception cref="BrokerUnusableException">The server refuses the login, or can't do what is needed.</exception>
    /// <exception cref="NatsException">It can't be reached.</exception>
    public async Task ConnectOnlyAsync(IWolverineRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        _broker ??= new NatsBroker(Configuration, ServiceName(), runtime.LoggerFactory);
        await _broker.ConnectAsync(needsJetStream: true);
    }

    /// <inheritdoc/>
    public override IEnumerable<PropertyColumn> DiagnosticColumns() =>
    [
        new(nameof(NatsEndpoint.Subject)),
        new(nameof(NatsEndpoint.StreamName), "Stream"),
        new(nameof(NatsEndpoint.ConsumerName), "Consumer"),
        new(nameof(NatsEndpoint.QueueGroup), "Queue group"),
    ];

    /// <summary>The endpoint of a subject, made on first use.</summary>
    public NatsEndpoint EndpointForSubject(string subject) =>
        _endpoints.GetOrAdd(NatsSubject.Filter(Normalize(subject)), s => new NatsEndpoint(s, this, EndpointRole.Application));

    /// <summary>
    /// Receives no more, and gives back what handlers still have: for a process that is about to end although something keeps it from
    /// stopping in order. Without it these deliveries would come again when their AckWait is over.
    /// </summary>
    public Task GiveBackAsync() => Task.WhenAll(Listeners.Keys.Select(listener => listener.GiveBackAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Those that were paused have not had their turn.
        await GiveBackAsync();
        foreach (var tenant in Tenants.Values)
        {
            await tenant.DisposeAsync();
        }

        _besides?.Dispose();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    /// <summary>
    /// Opens a connection beside the shared one, with the same servers and login. It makes nothing on the server, so that who only looks
    /// sees what is there. Whoever asked for it disposes of its connection.
    /// </summary>
    /// <param name="purpose">What it is for, in the connection's name.</param>
    /// <exception cref="BrokerUnusableException">The server refuses the login.</exception>
    /// <exception cref="NatsException">It can't be reached.</exception>
    public async Task<INatsJSContext> OpenAsync(string purpose)
    {
        var connection = await SeparateConnection.OpenAsync(Configuration, $"{ServiceName()} {purpose}");
        _besides = new PermissionRefusals(connection, Configuration.HasCredentials);
        return new NatsJSContext(connection, NatsOptions.JetStreamOf(Configuration, connection.Opts));
    }

    /// <summary>An endpoint whose subject is computed for each message.</summary>
    internal NatsEndpoint NewTopicSender()
    {
        var endpoint = EndpointForSubject($"wolverine.topics.{Interlocked.Increment(ref _topicSenders)}");
        endpoint.RoutingType = RoutingMode.ByTopic;
        return endpoint;
    }

    internal IEnumerable<NatsEndpoint> JetStreamListeners() =>
        _endpoints.Values.Where(endpoint => endpoint is { ListensToJetStream: true, IsListener: true });

    internal IEnumerable<(NatsBroker Broker, ConsumerDeclaration Consumer)> ConsumersOf(NatsEndpoint endpoint) =>
        endpoint is { ListensToJetStream: true, IsListener: true }
            ? Declarations.SourcesOf(endpoint, Broker).Concat(Declarations.OwnSourcesOf(endpoint)).Select(source => (source.Broker, source.Consumer!))
            : [];

    /// <summary>The declared stream that captures a subject as the application writes it.</summary>
    internal StreamConfiguration? DeclaredStreamFor(string subject) =>
        Configuration.Streams.Values.FirstOrDefault(stream => stream.Captures(subject));

    /// <summary>The subject as the server sees it: with the prefix of this environment. Answers have none.</summary>
    internal string Qualify(string subject) =>
        IdentifierPrefix is null || subject.StartsWith(InboxPrefix, StringComparison.Ordinal) ? subject : MaybeCorrectName(subject);

    /// <summary>The subject as the application writes it.</summary>
    internal string Unqualify(string subject) =>
        IdentifierPrefix is { } prefix && subject.StartsWith(prefix + IdentifierDelimiter, StringComparison.Ordinal)
            ? subject[(prefix.Length + IdentifierDelimiter.Length)..]
            : subject;

    internal string Normalize(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return Configuration.NormalizeSubjects ? subject.Trim().Replace('/', '.') : subject.Trim();
    }

    /// <inheritdoc/>
    protected override IEnumerable<NatsEndpoint> endpoints() => _endpoints.Values;

    /// <inheritdoc/>
    protected override NatsEndpoint findEndpointByUri(Uri uri) => EndpointForSubject(NatsEndpointUri.SubjectOf(uri));

    /// <summary>Ends the start at once when trying again is pointless: Wolverine would try for two minutes.</summary>
    internal static async Task GiveUpOnMisfitAsync(IWolverineRuntime runtime, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (NatsConfigurationException)
        {
            runtime.DurabilitySettings.Cancel();
            throw;
        }
    }

    // Wolverine looks at nothing else between two attempts to start.
    private void LetStoppingEndTheStart(IWolverineRuntime runtime)
    {
        var lifetime = runtime.Services.GetService<IHostApplicationLifetime>();
        lifetime?.ApplicationStopping.Register(() =>
        {
            if (!_isEstablished || !lifetime.ApplicationStarted.IsCancellationRequested)
            {
                runtime.DurabilitySettings.Cancel();
            }
        });
    }

    private async Task EstablishAsync(IWolverineRuntime runtime)
    {
        _isEstablished = false;
        _broker ??= new NatsBroker(Configuration, ServiceName(), runtime.LoggerFactory);
        await Topology.EstablishAsync(_broker, runtime.Cancellation);
        foreach (var tenant in Tenants.Values)
        {
            if (tenant.Connect(ServiceName(), runtime.LoggerFactory) is { } own)
            {
                await Topology.EstablishAsync(own, runtime.Cancellation);
            }
        }

        _isEstablished = true;
    }

    // Unique for each process: several solo services on one server all have node number 1.
    private void ListenForReplies(IWolverineRuntime runtime)
    {
        _replies = EndpointForSubject($"{Configuration.InboxPrefix}.wolverine.{runtime.Options.UniqueNodeId:N}");
        _replies.IsListener = true;
        _replies.IsUsedForReplies = true;
        _replies.MaxDegreeOfParallelism = Environment.ProcessorCount * 2;
    }
}
