using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>Listens by core NATS: what arrives while nobody listens is gone.</summary>
internal sealed partial class CoreNatsListener(NatsEndpoint endpoint, ListenerSource source, IReceiver receiver, ILogger logger)
    : IListener, IReportConnectionState
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<Envelope> _requeued = Channel.CreateUnbounded<Envelope>();
    private readonly AsyncLocal<bool> _within = new();
    private Task _receiving = Task.CompletedTask;

    public Uri Address => endpoint.Uri;

    public IHandlerPipeline? Pipeline => receiver.Pipeline;

    public TransportConnectionState ConnectionState => source.Broker.ConnectionState;

    /// <exception cref="BrokerUnusableException">The server forbids to subscribe.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var group = endpoint.IsInbox ? null : endpoint.QueueGroup ?? endpoint.Transport.Configuration.DefaultQueueGroup;
        var connection = source.Broker.Connection;
        var subscription = await connection.SubscribeCoreAsync<byte[]>(source.Filter, group, cancellationToken: cancellation);

        // The server must know the subscription before anybody is told to send there; a refusal comes before the pong.
        await connection.PingAsync(cancellation);
        if (await source.Broker.Refusals.SubscribingAsync(source.Filter))
        {
            await subscription.DisposeAsync();
            throw new BrokerUnusableException(
                $"The server forbids this user to subscribe to '{source.Filter}'. Give it the permission, or do not listen there.");
        }

        _receiving = Task.WhenAll(Task.Run(() => ReceiveAsync(subscription), CancellationToken.None), Task.Run(RequeueAsync, CancellationToken.None));
    }

    public ValueTask CompleteAsync(Envelope envelope) => ValueTask.CompletedTask;

    /// <summary>Handles it again in this process: the server has no copy, and others may have got theirs.</summary>
    public ValueTask DeferAsync(Envelope envelope) => _requeued.Writer.WriteAsync(envelope);

    /// <summary>Waits for the loops to end, unless an inline handler asks for it: they would wait for each other.</summary>
    public async ValueTask StopAsync()
    {
        await _stopping.CancelAsync();
        if (!_within.Value)
        {
            await _receiving;
        }
    }

    public ValueTask DisposeAsync() => StopAsync();

    private async Task ReceiveAsync(INatsSub<byte[]> subscription)
    {
        _within.Value = true;
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
        finally
        {
            await subscription.EndAsync();
        }
    }

    private async Task ReceiveAsync(NatsMsg<byte[]> message)
    {
        var envelope = new Envelope { Data = message.Data ?? [], Destination = endpoint.Uri };
        try
        {
            if (RefusedHeaders.ReasonOf(message.Error) is { } reason)
            {
                throw new UnreadableMessageException(reason);
            }

            endpoint.Mapper.MapIncoming(new NatsMessage(message.Subject, message.Headers), envelope);
            source.ApplyTenant(message.Subject, envelope);
            envelope.IsResponse |= endpoint.IsUsedForReplies;
            await receiver.ReceivedAsync(this, envelope);
        }
#pragma warning disable CA1031 // One message must not end the listener.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnreadable(logger, message.Subject, e.Message);
        }
    }

    private async Task RequeueAsync()
    {
        _within.Value = true;
        try
        {
            await foreach (var envelope in _requeued.Reader.ReadAllAsync(_stopping.Token))
            {
                await receiver.ReceivedAsync(this, envelope);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping is how this loop ends.
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "A core NATS message on {Subject} was dropped: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string subject, string reason);
}
