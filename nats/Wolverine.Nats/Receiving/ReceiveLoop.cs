using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
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

    private readonly CancellationTokenSource _stopping = new();
    private readonly AsyncLocal<bool> _within = new();
    private readonly ConsumerDeclaration _consumer = source.Consumer!;
    private readonly string _name = $"{endpoint.Uri} ({source})";
    private readonly ConsumerPosition _position = new();
    private DateTimeOffset? _streamMade;
    private TimeSpan _pause = ShortestPause;
    private Task _running = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    public bool IsStopping => _stopping.IsCancellationRequested;

    public bool IsReceiving { get; private set; }

    /// <summary>Whether whoever asks was called by the loop, and would wait for itself.</summary>
    public bool IsCaller => _within.Value;

    /// <summary>How long deliveries wait that are given back at the end, so that a server which needs it has forgotten our last pull.</summary>
    public TimeSpan GiveBackDelay => source.Broker.Server.LosesGivenBackDeliveries ? PullExpires + TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;

    private TimeSpan PullExpires => TimeSpan.FromSeconds(source.Broker.Server.LosesGivenBackDeliveries ? 3 : 10);

    private ListenerHealth Health => endpoint.Transport.Health;

    public void Start()
    {
        _running = Task.Run(RunAsync);
        _watching = Task.Run(() => new ConsumerWatch(endpoint, source, _position, logger).RunAsync(_stopping.Token));
    }

    /// <summary>Receives no more. What comes all the same is given back.</summary>
    public Task CancelAsync() => _stopping.CancelAsync();

    /// <summary>
    /// Receives no more and waits for the loop to end, unless an inline handler asks for it, when a policy pauses the
    /// listener: the loop would wait for that handler, and the handler for the loop.
    /// </summary>
    /// <param name="limit">How long it waits, at most: an inline handler may hang.</param>
    public async ValueTask StopAsync(TimeSpan limit)
    {
        await CancelAsync();
        await _watching;
        if (!IsCaller)
        {
            await _running.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                await FindConsumerAsync();
                await LetGoOfDeletedAsync();
                LogReceiving(logger, _consumer.Stream, _consumer.Name);
                IsReceiving = true;
                await new Pulling(source, unsettled, PullExpires, ReceiveAsync, ReportWell).RunAsync(_stopping.Token);
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

    private async Task FindConsumerAsync()
    {
        if (!endpoint.Transport.Provisions)
        {
            await source.Broker.Consumers.RequireAsync(_consumer, _stopping.Token);
            return;
        }

        await endpoint.Transport.Topology.RestoreAsync(source.Broker, _consumer.Stream, _stopping.Token);
        await source.Broker.Consumers.ProvisionAsync(_consumer, _stopping.Token, _position);
    }

    // A stream that is made again gives the sequences of the one before to other messages, which an acknowledgement of the first would remove.
    private async Task LetGoOfDeletedAsync()
    {
        var made = await StreamMadeAsync();
        if (_streamMade is not null && made is not null && made != _streamMade)
        {
            foreach (var envelope in unsettled.Envelopes)
            {
                envelope.TrySettle();
            }
        }

        _streamMade = made ?? _streamMade;
    }

    // Null where it may not be asked.
    private async Task<DateTimeOffset?> StreamMadeAsync()
    {
        try
        {
            return (await source.Broker.JetStream.GetStreamAsync(_consumer.Stream, cancellationToken: _stopping.Token)).Info.Created;
        }
        catch (NatsException)
        {
            return null;
        }
    }

    private Task ReceiveAsync(INatsJSMsg<byte[]> delivery)
    {
        if (!IsStopping)
        {
            return receive(delivery);
        }

        unsettled.Release(1);
        return settlement.NakAsync(delivery, GiveBackDelay).AsTask();
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
