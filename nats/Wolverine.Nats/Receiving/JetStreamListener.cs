using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using Wolverine.Configuration;
using Wolverine.Nats.Diagnostics;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Hands deliveries to Wolverine and settles each one when its handler has finished. Settling never uses the token
/// that stops the receiving: finished work must still be acknowledged while the process goes down.
/// </summary>
internal sealed partial class JetStreamListener
    : IListener, ISupportDeadLetterQueue, ISupportLeaseRenewal, ISupportNativeScheduling, IReportConnectionState,
        IReportReceiveLoopHealth
{
    private static readonly TimeSpan RedeliveryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeadLetterDelay = TimeSpan.FromSeconds(5);

    private readonly NatsEndpoint _endpoint;
    private readonly ListenerSource _source;
    private readonly ConsumerDeclaration _consumer;
    private readonly IReceiver _receiver;
    private readonly IDeadLetterTarget _deadLetters;
    private readonly Settlement _settlement;
    private readonly Leases _leases;
    private readonly ILogger _logger;
    private readonly CancellationToken _processStopping;
    private readonly Unsettled _unsettled;
    private readonly ReceiveLoop _loop;

    public JetStreamListener(
        NatsEndpoint endpoint,
        ListenerSource source,
        IReceiver receiver,
        IDeadLetterTarget deadLetters,
        ILogger logger,
        CancellationToken processStopping)
    {
        _endpoint = endpoint;
        _source = source;
        _consumer = source.Consumer!;
        _receiver = receiver;
        _deadLetters = deadLetters;
        _settlement = new Settlement(_consumer, logger);
        _leases = new Leases(_consumer.AckWait, endpoint.Consumer.MaximumLease, _settlement);
        _logger = logger;
        _processStopping = processStopping;
        _unsettled = new Unsettled(endpoint.Consumer.InFlightLimit, endpoint.SettlesAfterHandling ? _consumer.AckWait * 1.5 : Timeout.InfiniteTimeSpan);
        _loop = new ReceiveLoop(endpoint, source, ReceiveAsync, _settlement, _unsettled, logger);
    }

    public Uri Address => _endpoint.Uri;

    public IHandlerPipeline? Pipeline => _receiver.Pipeline;

    /// <summary>Buffered and durable receivers settle first and keep what fails by themselves.</summary>
    public bool NativeDeadLetterQueueEnabled => _deadLetters.IsNative && _endpoint.SettlesAfterHandling;

    public bool NativeSchedulingEnabled => _endpoint.SettlesAfterHandling;

    public TimeSpan LeaseDuration => _consumer.AckWait;

    public TimeSpan MaximumLeaseExtension => _endpoint.Consumer.MaximumLease;

    public TransportConnectionState ConnectionState =>
        !_loop.IsReceiving && _source.Broker.ConnectionState == TransportConnectionState.Connected
            ? TransportConnectionState.Disconnected
            : _source.Broker.ConnectionState;

    public ReceiveLoopStatus ReceiveLoopStatus =>
        _loop.IsStopping ? ReceiveLoopStatus.Stopped : _loop.IsReceiving ? ReceiveLoopStatus.Running : ReceiveLoopStatus.Faulted;

    public DateTimeOffset? LastReceiveLoopActivityAt { get; private set; }

    public void Start() => _loop.Start();

    public async ValueTask CompleteAsync(Envelope envelope)
    {
        if (envelope is NatsEnvelope received && received.TrySettle())
        {
            await _settlement.AckAsync(received.Delivery);
        }
    }

    public async ValueTask DeferAsync(Envelope envelope)
    {
        if (envelope is NatsEnvelope received && received.TrySettle())
        {
            await _settlement.NakAsync(received.Delivery, _loop.IsStopping ? _loop.GiveBackDelay : RedeliveryDelay);
        }
    }

    /// <summary>False when the delivery is settled already: then the buffer must keep the message.</summary>
    public async Task<bool> TryRequeueAsync(Envelope envelope)
    {
        if (envelope is not NatsEnvelope received || !received.TrySettle())
        {
            return false;
        }

        await _settlement.NakAsync(received.Delivery, RedeliveryDelay);
        return true;
    }

    public async Task MoveToScheduledUntilAsync(Envelope envelope, DateTimeOffset time)
    {
        if (envelope is NatsEnvelope received && received.TrySettle())
        {
            await _settlement.NakAsync(received.Delivery, time - DateTimeOffset.UtcNow);
        }
    }

    /// <exception cref="DeadLetterMoveFailedException">The copy was not stored; the delivery is given back and comes again.</exception>
    public async Task MoveToErrorsAsync(Envelope envelope, Exception exception)
    {
        if (envelope is NatsEnvelope { IsSettled: false } received
            && !await TryDeadLetterAsync(received, DeadLetterCause.Of(exception)))
        {
            throw new DeadLetterMoveFailedException($"The dead letter of {envelope.Id} was not stored.", exception);
        }
    }

    /// <summary>Never fails: Wolverine's renewing ends for good with the first cancellation that it sees.</summary>
    public async ValueTask<IReadOnlyList<Envelope>> RenewLeasesAsync(IReadOnlyList<Envelope> envelopes, CancellationToken token)
    {
        _unsettled.ReleaseLost();
        return await _leases.RenewAsync(envelopes, token);
    }

    public ValueTask StopAsync() => _loop.StopAsync();

    /// <summary>
    /// When the process ends, Wolverine has waited for the handlers by now. What hangs in one all the same is given back, or it
    /// would come again only when its lease is over. A listener that is paused leaves its deliveries to the handlers that have them.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync();
        if (_processStopping.IsCancellationRequested)
        {
            await GiveBackAsync();
        }

        _endpoint.Transport.Listeners.TryRemove(this, out _);
    }

    /// <summary>Receives no more, and gives back all that is not settled.</summary>
    public async Task GiveBackAsync()
    {
        await _loop.CancelAsync();

        // All at once: while the server can't be reached, each would wait for it.
        await Task.WhenAll(_unsettled.Envelopes.Select(envelope => DeferAsync(envelope).AsTask()));
    }

    private Task ReceiveAsync(INatsJSMsg<byte[]> delivery)
    {
        LastReceiveLoopActivityAt = DateTimeOffset.UtcNow;
        var metadata = delivery.Metadata!.Value;
        NatsInstrumentation.RecordDelivery(_consumer.Stream, _consumer.Name, metadata.NumDelivered, metadata.NumPending);
        var message = new NatsMessage(delivery.Subject, delivery.Headers);
        var envelope = new NatsEnvelope(delivery, _unsettled)
        {
            Id = DeliveryIdentity.Of(message.Header(OutgoingHeaders.MessageId), metadata.Stream, metadata.Sequence.Stream, metadata.Timestamp),
            Data = delivery.Data ?? [],
            Destination = _endpoint.Uri,
            SentAt = metadata.Timestamp,
        };
        _unsettled.Add(envelope);

        var receiving = ReceiveAsync(message, envelope);
        return _endpoint.Mode == EndpointMode.Inline ? _leases.RenewWhileAsync(receiving, envelope) : receiving;
    }

    private async Task ReceiveAsync(NatsMessage message, NatsEnvelope envelope)
    {
        var delivery = envelope.Delivery;
        var metadata = delivery.Metadata!.Value;
        if (BodilessDelivery.MayBe(delivery) && await GivesBackAsync(envelope))
        {
            return;
        }

        if (Undeliverable(message, envelope, metadata.NumDelivered) is { } cause)
        {
            await TryDeadLetterAsync(envelope, cause);
            return;
        }

        // Wolverine drops these, in some modes without settling them.
        if (envelope.IsPing() || envelope.IsExpired())
        {
            LogNotHandled(_logger, metadata.Sequence.Stream, delivery.Subject, envelope.IsPing() ? "it is a ping" : "its time is over");
            await CompleteAsync(envelope);
            return;
        }

        // Each earlier delivery was an attempt, in this process or another.
        envelope.Attempts = (int)Math.Min(metadata.NumDelivered - 1, int.MaxValue);
        try
        {
            await _receiver.ReceivedAsync(this, envelope);
        }
        catch
        {
            await DeferAsync(envelope);
            throw;
        }
    }

    // Dead-lettered, its body would be gone. One that came just before the consumer was set right comes again with it; what
    // goes on without was published so.
    private async Task<bool> GivesBackAsync(NatsEnvelope envelope)
    {
        var givesBack = true;
        try
        {
            await _source.Broker.Consumers.RequireAsync(_consumer, CancellationToken.None);
            givesBack = envelope.Delivery.Metadata!.Value.NumDelivered <= BodilessDelivery.Tries;
        }
        finally
        {
            if (givesBack)
            {
                await DeferAsync(envelope);
            }
        }

        return givesBack;
    }

    private DeadLetterCause? Undeliverable(NatsMessage message, NatsEnvelope envelope, ulong deliveries)
    {
        try
        {
            _endpoint.Mapper.MapIncoming(message, envelope);
            _source.ApplyTenant(message.Subject, envelope);
            return deliveries > (ulong)_endpoint.MaxDeliver
                ? DeadLetterCause.Of(new DeliveriesExhaustedException(deliveries))
                : null;
        }
#pragma warning disable CA1031 // A header can make any parser throw; the message is unreadable whatever the exception.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new DeadLetterCause(e is UnreadableMessageException ? e.Message : $"its headers can't be read: {e.Message}");
        }
    }

    // Copy first, terminate after: a failure in between leaves two copies with one id, never none.
    private async Task<bool> TryDeadLetterAsync(NatsEnvelope envelope, DeadLetterCause cause)
    {
        try
        {
            await _deadLetters.PublishAsync(envelope, cause, CancellationToken.None);
            LogDeadLetter(_logger, envelope.Delivery.Subject, envelope.Delivery.Metadata!.Value.Sequence.Stream, cause.Reason);
            if (envelope.TrySettle())
            {
                await _settlement.TerminateAsync(envelope.Delivery);
            }

            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the dead letter from being stored, the delivery must come again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogDeadLetterFailed(_logger, e, envelope.Delivery.Subject);
            if (envelope.TrySettle())
            {
                await _settlement.NakAsync(envelope.Delivery, DeadLetterDelay);
            }

            return false;
        }
    }

    [LoggerMessage(4014, LogLevel.Debug, "Message {Sequence} on {Subject} was not handled: {Reason}")]
    private static partial void LogNotHandled(ILogger logger, ulong sequence, string subject, string reason);

    [LoggerMessage(4010, LogLevel.Warning, "Message {Sequence} on {Subject} was dead-lettered: {Reason}")]
    private static partial void LogDeadLetter(ILogger logger, string subject, ulong sequence, string reason);

    [LoggerMessage(4011, LogLevel.Error, "A dead letter from {Subject} could not be stored; the message will be delivered again")]
    private static partial void LogDeadLetterFailed(ILogger logger, Exception exception, string subject);
}
