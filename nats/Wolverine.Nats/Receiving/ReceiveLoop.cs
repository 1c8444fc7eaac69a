using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using Wolverine.Configuration;
using Wolverine.Nats.Provisioning;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Pulls deliveries for as long as the listener lives. When the consumer or stream is deleted, its leader moves or the
/// server goes away, it says so, waits a little longer each time, makes what is missing and goes on.
/// </summary>
internal sealed partial class ReceiveLoop(
    NatsEndpoint endpoint,
    ListenerSource source,
    Func<INatsJSMsg<byte[]>, Task> receive,
    Settlement settlement,
    Unsettled unsettled,
    ILogger logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan InlinePullExpires = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly AsyncLocal<bool> _within = new();
    private readonly ConsumerDeclaration _consumer = source.Consumer!;
    private readonly string _name = $"{endpoint.Uri} ({source})";
    private readonly ConsumerWatch _watch = new(endpoint, source, logger);
    private TimeSpan _pause = ShortestPause;
    private Task _running = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    public bool IsStopping => _stopping.IsCancellationRequested;

    public bool IsReceiving { get; private set; }

    /// <summary>How long deliveries wait that are given back at the end, so that a server which needs it has forgotten our last pull.</summary>
    public TimeSpan GiveBackDelay => source.Broker.Server.LosesGivenBackDeliveries ? PullExpires + TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;

    private TimeSpan PullExpires => TimeSpan.FromSeconds(source.Broker.Server.LosesGivenBackDeliveries ? 3 : 10);

    private ListenerHealth Health => endpoint.Transport.Health;

    public void Start()
    {
        _running = Task.Run(RunAsync);
        _watching = Task.Run(() => _watch.RunAsync(_stopping.Token));
    }

    /// <summary>Receives no more. What comes all the same is given back.</summary>
    public Task CancelAsync() => _stopping.CancelAsync();

    /// <summary>
    /// Receives no more and waits for the loop to end, unless an inline handler asks for it, when a policy pauses the
    /// listener: the loop would wait for that handler, and the handler for the loop.
    /// </summary>
    public async ValueTask StopAsync()
    {
        await CancelAsync();
        await _watching;
        if (!_within.Value)
        {
            await _running;
        }

        Health.ReportWell(_name);
    }

    private async Task RunAsync()
    {
        _within.Value = true;
        while (!IsStopping)
        {
            try
            {
                var consumer = await FindConsumerAsync();
                LogReceiving(logger, _consumer.Stream, _consumer.Name);
                IsReceiving = true;
                await ReceiveAsync(consumer);
            }
            catch (OperationCanceledException) when (IsStopping)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever ends the loop must not end the listener.
            catch (Exception e)
#pragma warning restore CA1031
            {
                IsReceiving = false;
                Health.ReportFault(_name, e.Message);
                LogInterrupted(logger, e, _consumer.Stream, _consumer.Name, _pause);
                await PauseAsync();
            }
        }
    }

    private async Task<INatsJSConsumer> FindConsumerAsync()
    {
        if (!endpoint.Transport.Provisions)
        {
            return await source.Broker.Consumers.RequireAsync(_consumer, _stopping.Token);
        }

        await endpoint.Transport.Topology.RestoreAsync(source.Broker, _consumer.Stream, _stopping.Token);
        return await source.Broker.Consumers.ProvisionAsync(_consumer, _stopping.Token);
    }

    private async Task ReceiveAsync(INatsJSConsumer consumer)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var well = ReportWellAsync(silence.Token);
        try
        {
            await (endpoint.Mode == EndpointMode.Inline ? ConsumeInlineAsync(consumer) : ConsumeAsync(consumer, silence));
        }
        finally
        {
            await silence.CancelAsync();
            await well;
        }
    }

    // The client asks again by itself when the server falls silent, for ever and unheard: a pull that is forbidden or whose
    // consumer has no leader looks like that.
    private async Task ConsumeAsync(INatsJSConsumer consumer, CancellationTokenSource silence)
    {
        var options = new NatsJSConsumeOpts
        {
            MaxMsgs = endpoint.Consumer.Prefetch,
            Expires = PullExpires,
            IdleHeartbeat = Heartbeat,
            MaxConsecutive503Errors = 3,
            DrainOnCancel = true,
            NotificationHandler = (notification, _) => notification is NatsJSTimeoutNotification ? silence.CancelAsync() : Task.CompletedTask,
        };

        await foreach (var delivery in consumer.ConsumeAsync<byte[]>(opts: options, cancellationToken: silence.Token))
        {
            ReportWell();
            if (await HasPlaceAsync())
            {
                await receive(delivery);
            }
            else
            {
                await settlement.NakAsync(delivery, GiveBackDelay);
            }
        }

        if (!IsStopping)
        {
            throw new NatsJSException(source.Broker.Refusals.Described ?? "The server has sent neither messages nor heartbeats.");
        }
    }

    // One at a time: what waited behind a slow handler would lose its lease, and nobody renews it before it is handled.
    private async Task ConsumeInlineAsync(INatsJSConsumer consumer)
    {
        // Never cancelled: what the server sends to a pull that nobody waits for any more is kept until its AckWait is over.
        var options = new NatsJSNextOpts { Expires = InlinePullExpires };
        while (!IsStopping)
        {
            if (await consumer.NextAsync<byte[]>(opts: options, cancellationToken: CancellationToken.None) is not { } delivery)
            {
                // Nothing came, which a deleted consumer looks like too.
                await consumer.RefreshAsync(_stopping.Token);
            }
            else if (await HasPlaceAsync())
            {
                await receive(delivery);
            }
            else
            {
                await settlement.NakAsync(delivery, TimeSpan.Zero);
            }
        }
    }

    /// <returns>False when it is stopping: then the delivery is to be given back.</returns>
    private async Task<bool> HasPlaceAsync()
    {
        if (IsStopping)
        {
            return false;
        }

        try
        {
            await unsettled.PlaceAsync(_stopping.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // That the consumer is there says nothing yet: only a delivery, or that no heartbeat is missing, tells that the server hears the pull.
    private async Task ReportWellAsync(CancellationToken silence)
    {
        await Task.Delay(Heartbeat * 4, silence).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!silence.IsCancellationRequested)
        {
            ReportWell();
        }
    }

    private void ReportWell()
    {
        Health.ReportWell(_name);
        _pause = ShortestPause;
    }

    private async Task PauseAsync()
    {
        await Task.Delay(_pause * (0.5 + Random.Shared.NextDouble()), _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    [LoggerMessage(4020, LogLevel.Information, "Receiving from {Stream} through consumer {Consumer}")]
    private static partial void LogReceiving(ILogger logger, string stream, string consumer);

    [LoggerMessage(4021, LogLevel.Warning, "Receiving from {Stream} through consumer {Consumer} was interrupted; trying again in about {Pause}")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, string stream, string consumer, TimeSpan pause);
}
