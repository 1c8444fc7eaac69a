using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>Listens by core NATS: what arrives while nobody listens is gone, so it is for answers only.</summary>
internal sealed partial class CoreNatsListener(NatsEndpoint endpoint, NatsConnection connection, IReceiver receiver, ILogger logger)
    : IListener
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _receiving = Task.CompletedTask;

    public Uri Address => endpoint.Uri;

    public IHandlerPipeline? Pipeline => receiver.Pipeline;

    public async Task StartAsync(CancellationToken cancellation)
    {
        var subscription = await connection.SubscribeCoreAsync<byte[]>(endpoint.Subject, cancellationToken: cancellation);

        // The server must know the subscription before anybody is told to answer there.
        await connection.PingAsync(cancellation);
        _receiving = ReceiveAsync(subscription);
    }

    public ValueTask CompleteAsync(Envelope envelope) => ValueTask.CompletedTask;

    public ValueTask DeferAsync(Envelope envelope) => ValueTask.CompletedTask;

    public async ValueTask StopAsync()
    {
        await _stopping.CancelAsync();
        await _receiving;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task ReceiveAsync(INatsSub<byte[]> subscription)
    {
        await using var _ = subscription;
        try
        {
            await foreach (var message in subscription.Msgs.ReadAllAsync(_stopping.Token))
            {
                await ReceiveAsync(message);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping is how this loop ends.
        }
    }

    private async Task ReceiveAsync(NatsMsg<byte[]> message)
    {
        var envelope = new Envelope { Data = message.Data ?? [], Destination = endpoint.Uri, IsResponse = endpoint.IsUsedForReplies };
        try
        {
            endpoint.Mapper.MapIncoming(new NatsMessage(message.Subject, message.Headers), envelope);
            await receiver.ReceivedAsync(this, envelope);
        }
        catch (UnreadableMessageException e)
        {
            LogUnreadable(logger, message.Subject, e.Message);
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "A core NATS message on {Subject} was dropped: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string subject, string reason);
}
