using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Pulls deliveries for as long as the listener lives. When the consumer or stream is deleted, its leader moves or the
/// server goes away, it says so, waits a little longer each time, makes what is missing and goes on.
/// </summary>
internal sealed partial class ReceiveLoop(
    NatsEndpoint endpoint,
    NatsTransport transport,
    Func<INatsJSMsg<byte[]>, Task> receive,
    Func<INatsJSMsg<byte[]>, ValueTask> giveBack,
    ILogger logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public bool IsStopping => _stopping.IsCancellationRequested;

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        transport.Health.Remove(endpoint.Uri);
    }

    private async Task RunAsync()
    {
        var pause = ShortestPause;
        while (!IsStopping)
        {
            try
            {
                var consumer = await FindConsumerAsync();
                LogReceiving(logger, endpoint.StreamName!, endpoint.Consumer.Name);
                transport.Health.ReportWell(endpoint.Uri);
                pause = ShortestPause;
                await ConsumeAsync(consumer);
            }
            catch (OperationCanceledException) when (IsStopping)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever ends the loop must not end the listener.
            catch (Exception e)
#pragma warning restore CA1031
            {
                transport.Health.ReportFault(endpoint.Uri, e.Message);
                LogInterrupted(logger, e, endpoint.StreamName!, endpoint.Consumer.Name, pause);
                pause = await PauseAsync(pause);
            }
        }
    }

    private async Task<INatsJSConsumer> FindConsumerAsync()
    {
        if (!transport.AutoProvision)
        {
            return await transport.JetStream.GetConsumerAsync(endpoint.StreamName!, endpoint.Consumer.Name, _stopping.Token);
        }

        if (transport.Configuration.Streams.FirstOrDefault(s => s.Name == endpoint.StreamName) is { } stream)
        {
            await transport.Streams.ProvisionAsync(stream, _stopping.Token);
        }

        return await transport.Consumers.ProvisionAsync(
            endpoint.StreamName!, endpoint.Consumer, endpoint.Subject, _stopping.Token);
    }

    private async Task ConsumeAsync(INatsJSConsumer consumer)
    {
        var options = new NatsJSConsumeOpts
        {
            MaxMsgs = endpoint.Consumer.Prefetch,
            Expires = TimeSpan.FromSeconds(10),
            IdleHeartbeat = TimeSpan.FromSeconds(1),
            MaxConsecutive503Errors = 3,
            DrainOnCancel = true,
        };

        await foreach (var delivery in consumer.ConsumeAsync<byte[]>(opts: options, cancellationToken: _stopping.Token))
        {
            if (IsStopping)
            {
                await giveBack(delivery);
            }
            else
            {
                await receive(delivery);
            }
        }
    }

    private async Task<TimeSpan> PauseAsync(TimeSpan pause)
    {
        await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return pause * 2 < LongestPause ? pause * 2 : LongestPause;
    }

    [LoggerMessage(4020, LogLevel.Information, "Receiving from {Stream} through consumer {Consumer}")]
    private static partial void LogReceiving(ILogger logger, string stream, string consumer);

    [LoggerMessage(4021, LogLevel.Warning, "Receiving from {Stream} through consumer {Consumer} was interrupted; trying again in about {Pause}")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, string stream, string consumer, TimeSpan pause);
}
