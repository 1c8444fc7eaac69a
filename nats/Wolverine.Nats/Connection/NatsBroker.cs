using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Diagnostics;
using Wolverine.Nats.Provisioning;
using Wolverine.Nats.Sending;
using Wolverine.Transports;

namespace Wolverine.Nats.Connection;

/// <summary>One connection to a server or account, and what is done over it.</summary>
internal sealed class NatsBroker : IAsyncDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly NatsTransportConfiguration _settings;
    private readonly LostSubscriptions _lost;
    private bool _opened;
    private bool _disposed;

    public NatsBroker(NatsTransportConfiguration settings, string name, ILoggerFactory loggers)
    {
        _settings = settings;
        Connection = new NatsConnection(NatsOptions.Of(settings, name, loggers));
        JetStream = new NatsJSContext(Connection, NatsOptions.JetStreamOf(settings, Connection.Opts));
        Connection.ConnectionOpened += OnOpenedAsync;
        Refusals = new PermissionRefusals(Connection, settings.HasCredentials);
        _lost = new LostSubscriptions(Connection, loggers.CreateLogger<LostSubscriptions>());
        Publisher = new JetStreamPublisher(Connection, Refusals);
        Streams = new StreamProvisioner(JetStream, this);
        Leaders = new StreamLeaders(Streams);
        Consumers = new ConsumerProvisioner(JetStream);
    }

    public NatsConnection Connection { get; }

    public INatsJSContext JetStream { get; }

    public JetStreamPublisher Publisher { get; }

    public StreamProvisioner Streams { get; }

    public StreamLeaders Leaders { get; }

    public ConsumerProvisioner Consumers { get; }

    public PermissionRefusals Refusals { get; }

    /// <summary>What the user may do; null when the server does not say.</summary>
    public UserPermissions? Granted { get; set; }

    /// <exception cref="InvalidOperationException">Before <see cref="ConnectAsync"/>.</exception>
    public ServerFacts Server => Connection.ServerInfo is { } server
        ? ServerFacts.Of(server)
        : throw new InvalidOperationException("Not connected to NATS yet; start the host first.");

    public TransportConnectionState ConnectionState => Connection.ConnectionState switch
    {
        NatsConnectionState.Open => TransportConnectionState.Connected,
        NatsConnectionState.Closed => TransportConnectionState.Disconnected,
        _ => TransportConnectionState.Reconnecting,
    };

    /// <exception cref="BrokerUnusableException">The server can't do what is needed, or refuses the credentials or certificate.</exception>
    /// <exception cref="NatsException">It can't be reached.</exception>
    public async Task ConnectAsync(bool needsJetStream)
    {
        try
        {
            await Connection.ConnectAsync();
        }
        catch (NatsException e) when (ConnectionFaults.Lasting(e) is { } lasting)
        {
            throw new BrokerUnusableException($"NATS at {_settings.DescribeServers()} {lasting}.");
        }

        if (Server.Fault(needsJetStream) is { } fault)
        {
            throw new BrokerUnusableException($"nats-server {Server.Version} at {Server.Name} {fault}.");
        }
    }

    /// <summary>Wolverine may dispose of a transport more than once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        Refusals.Dispose();
        _lost.Dispose();
        Connection.ConnectionOpened -= OnOpenedAsync;
        await FlushAsync();

        // Its subscriptions end with the connection: what listens to them ends after it, without asking the server.
        await Connection.EndAsync();
        await Publisher.DisposeAsync();
    }

    // The client closes its socket before it has written all it was given. An acknowledgement lost like that keeps its
    // message from the next process until the AckWait is over. A PONG says that the server has read what came before.
    private async Task FlushAsync()
    {
        if (Connection.ConnectionState != NatsConnectionState.Open)
        {
            return;
        }

        try
        {
            using var timeout = new CancellationTokenSource(FlushTimeout);
            await Connection.PingAsync(timeout.Token);
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException)
        {
            // The server is gone: what it was not told, it delivers again.
        }
    }

    private ValueTask OnOpenedAsync(object? sender, NatsEventArgs args)
    {
        if (_opened)
        {
            NatsInstrumentation.RecordReconnect(_settings.DescribeServers());
        }

        _opened = true;
        return ValueTask.CompletedTask;
    }
}
