using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Sending;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Hands deliveries to Wolverine and settles each one when its handler has finished. Settling never uses the token
/// that stops the receiving: finished work must still be acknowledged while the process goes down.
/// </summary>
internal sealed partial class JetStreamListener
    : IListener, ISupportDeadLetterQueue, ISupportLeaseRenewal, ISupportNativeScheduling
{
    private static readonly TimeSpan RedeliveryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeadLetterDelay = TimeSpan.FromSeconds(5);

    private readonly NatsEndpoint _endpoint;
    private readonly IReceiver _receiver;
    private readonly DeadLetterPublisher? _deadLetters;
    private readonly ILogger _logger;
    private readonly ReceiveLoop _loop;

    public JetStreamListener(
        NatsEndpoint endpoint, NatsTransport transport, IReceiver receiver, DeadLetterPublisher? deadLetters, ILogger logger)
    {
        _endpoint = endpoint;
        _receiver = receiver;
        _deadLetters = deadLetters;
        _logger = logger;
        _loop = new ReceiveLoop(endpoint, transport, ReceiveAsync, GiveBackAsync, logger);
    }

    public Uri Address => _endpoint.Uri;

    public IHandlerPipeline? Pipeline => _receiver.Pipeline;

    public bool NativeDeadLetterQueueEnabled => _deadLetters is not null;

    public TimeSpan LeaseDuration => _endpoint.Consumer.AckWait;

    public TimeSpan MaximumLeaseExtension => _endpoint.Consumer.MaximumLease;

    public void Start() => _loop.Start();

    public async ValueTask CompleteAsync(Envelope envelope)
    {
        if (envelope is NatsEnvelope received && received.TrySettle())
        {
            await TellServerAsync(() => received.Delivery.AckAsync());
        }
    }

    public async ValueTask DeferAsync(Envelope envelope)
    {
        if (envelope is NatsEnvelope received && received.TrySettle())
        {
            await NakAsync(received.Delivery, _loop.IsStopping ? TimeSpan.Zero : RedeliveryDelay);
        }
    }

    public async Task MoveToScheduledUntilAsync(Envelope envelope, DateTimeOffset time)
    {
        if (envelope is NatsEnvelope received && received.TrySettle())
        {
            var delay = time - DateTimeOffset.UtcNow;
            await NakAsync(received.Delivery, delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        }
    }

    /// <exception cref="DeadLetterMoveFailedException">The copy was not stored; the delivery is given back and comes again.</exception>
    public async Task MoveToErrorsAsync(Envelope envelope, Exception exception)
    {
        if (envelope is NatsEnvelope received && !received.IsSettled
            && !await TryDeadLetterAsync(received, DeadLetterReason.Of(exception)))
        {
            throw new DeadLetterMoveFailedException($"The dead letter of {envelope.Id} was not stored.", exception);
        }
    }

    public async ValueTask<IReadOnlyList<Envelope>> RenewLeasesAsync(IReadOnlyList<Envelope> envelopes, CancellationToken token)
    {
        foreach (var envelope in envelopes)
        {
            if (envelope is NatsEnvelope { IsSettled: false } received)
            {
                await received.Delivery.AckProgressAsync(cancellationToken: token);
            }
        }

        // The server does not answer a renewal, so it can't say that a lease is gone; the ledger is the fence.
        return [];
    }

    public ValueTask StopAsync() => _loop.StopAsync();

    public ValueTask DisposeAsync() => _loop.StopAsync();

    private async Task ReceiveAsync(INatsJSMsg<byte[]> delivery)
    {
        var metadata = delivery.Metadata!.Value;
        var message = new NatsMessage(delivery.Subject, delivery.Headers);
        var envelope = new NatsEnvelope(delivery)
        {
            Id = DeliveryIdentity.Of(message.Header("Nats-Msg-Id"), metadata.Stream, metadata.Sequence.Stream),
            Data = delivery.Data ?? [],
            Destination = _endpoint.Uri,
            SentAt = metadata.Timestamp,
        };

        if (Unreadable(message, envelope, metadata.NumDelivered) is { } reason)
        {
            await TryDeadLetterAsync(envelope, reason);
            return;
        }

        await _receiver.ReceivedAsync(this, envelope);
    }

    private string? Unreadable(NatsMessage message, NatsEnvelope envelope, ulong deliveries)
    {
        try
        {
            _endpoint.Mapper.MapIncoming(message, envelope);
            return deliveries > (ulong)_endpoint.Consumer.MaxDeliveries
                ? $"delivered {deliveries} times and never finished; the process may die of it"
                : null;
        }
        catch (UnreadableMessageException e)
        {
            return e.Message;
        }
    }

    // Copy first, terminate after: a failure in between leaves two copies with one id, never none.
    private async Task<bool> TryDeadLetterAsync(NatsEnvelope envelope, string reason)
    {
        try
        {
            if (_deadLetters is not null)
            {
                await _deadLetters.PublishAsync(envelope.Delivery, envelope.TenantId, reason, CancellationToken.None);
            }

            LogDeadLetter(_logger, envelope.Delivery.Subject, envelope.Delivery.Metadata!.Value.Sequence.Stream, reason);
            if (envelope.TrySettle())
            {
                await TellServerAsync(() => envelope.Delivery.AckTerminateAsync());
            }

            return true;
        }
        catch (Exception e) when (e is PublishException or InvalidSubjectException)
        {
            LogDeadLetterFailed(_logger, e, envelope.Delivery.Subject);
            if (envelope.TrySettle())
            {
                await NakAsync(envelope.Delivery, DeadLetterDelay);
            }

            return false;
        }
    }

    private ValueTask GiveBackAsync(INatsJSMsg<byte[]> delivery) => NakAsync(delivery, TimeSpan.Zero);

    private ValueTask NakAsync(INatsJSMsg<byte[]> delivery, TimeSpan delay) =>
        TellServerAsync(() => delivery.NakAsync(delay > TimeSpan.Zero ? new AckOpts { NakDelay = delay } : default));

    // A settlement that does not reach the server means a redelivery, which is harmless. Thrown into Wolverine it
    // would dead-letter work that is done.
    private async ValueTask TellServerAsync(Func<ValueTask> settle)
    {
        try
        {
            await settle();
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            LogNotSettled(_logger, e, _endpoint.Consumer.Name);
        }
    }

    [LoggerMessage(4010, LogLevel.Warning, "Message {Sequence} on {Subject} was dead-lettered: {Reason}")]
    private static partial void LogDeadLetter(ILogger logger, string subject, ulong sequence, string reason);

    [LoggerMessage(4012, LogLevel.Debug, "A settlement through {Consumer} did not reach the server; the message will be delivered again")]
    private static partial void LogNotSettled(ILogger logger, Exception exception, string consumer);

    [LoggerMessage(4011, LogLevel.Error, "A dead letter from {Subject} could not be stored; the message will be delivered again")]
    private static partial void LogDeadLetterFailed(ILogger logger, Exception exception, string subject);
}
