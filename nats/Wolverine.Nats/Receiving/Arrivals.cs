using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using Wolverine.Nats.Diagnostics;
using Wolverine.Nats.Mapping;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>What becomes of a delivery until Wolverine has it.</summary>
internal sealed partial class Arrivals(NatsEndpoint endpoint, ListenerSource source, IReceiver receiver, DeadLettering deadLettering, ILogger logger)
{
    private readonly GivenBack<Times> _bodiless = new();

    /// <summary>Puts a delivery in the place that was taken for it.</summary>
    public NatsEnvelope Place(INatsJSMsg<byte[]> delivery, Unsettled unsettled)
    {
        var metadata = delivery.Metadata!.Value;
        NatsInstrumentation.RecordDelivery(source.Consumer!.Stream, source.Consumer.Name, metadata.NumDelivered, metadata.NumPending);
        var message = new NatsMessage(delivery.Subject, delivery.Headers);
        var envelope = new NatsEnvelope(delivery, unsettled)
        {
            Id = DeliveryIdentity.Of(message.MessageId, metadata.Stream, metadata.Sequence.Stream, metadata.Timestamp),
            Data = delivery.Data ?? [],
            Destination = endpoint.Uri,
            SentAt = metadata.Timestamp,
        };
        unsettled.Add(envelope);
        return envelope;
    }

    /// <summary>
    /// Returns when Wolverine has it; when it was handled, where that is done inline; and at once when it can't be handled and becomes a
    /// dead letter.
    /// </summary>
    /// <param name="envelope">The delivery.</param>
    /// <param name="listener">The one that settles it.</param>
    public async Task ReceiveAsync(NatsEnvelope envelope, IListener listener)
    {
        var delivery = envelope.Delivery;
        var metadata = delivery.Metadata!.Value;
        var message = new NatsMessage(delivery.Subject, delivery.Headers);
        if (BodilessDelivery.MayBe(delivery) && await GivesBackAsync(envelope, listener))
        {
            return;
        }

        if (Undeliverable(message, envelope, metadata.NumDelivered) is { } cause)
        {
            deadLettering.Begin(envelope, cause);
            return;
        }

        // Wolverine drops these, in some modes without settling them.
        if (envelope.IsPing() || envelope.IsExpired())
        {
            LogNotHandled(logger, metadata.Sequence.Stream, delivery.Subject, envelope.IsPing() ? "it is a ping" : "its time is over");
            await listener.CompleteAsync(envelope);
            return;
        }

        // Wolverine's memory of what was handled would take what comes again for a repeat of what was dropped.
        envelope.HandOver(mayBeDropped: endpoint.InMemoryIdempotency is null);
        try
        {
            await receiver.ReceivedAsync(listener, envelope);
        }
        catch
        {
            await listener.DeferAsync(envelope);
            throw;
        }
    }

    // Dead-lettered, its body would be gone. One that was on its way when the consumer was set right comes again with it, however often
    // it came before; what goes on without was published so.
    private async Task<bool> GivesBackAsync(NatsEnvelope envelope, IListener listener)
    {
        var givesBack = true;
        try
        {
            await source.Broker.Consumers.RequireAsync(source.Consumer!, CancellationToken.None);
            var times = 1 + (_bodiless.Of(envelope.Delivery)?.Count ?? 0);
            givesBack = times <= BodilessDelivery.Tries;
            if (givesBack)
            {
                _bodiless.Note(envelope.Delivery, new Times(times));
            }
            else
            {
                _bodiless.Forget(envelope.Delivery);
            }
        }
        finally
        {
            if (givesBack)
            {
                await listener.DeferAsync(envelope);
            }
        }

        return givesBack;
    }

    private DeadLetterCause? Undeliverable(NatsMessage message, NatsEnvelope envelope, ulong deliveries)
    {
        // Not handled without them: what is left out may be what says who it is from, or how often it was sent.
        var refused = RefusedHeaders.ReasonOf(envelope.Delivery.Error) is { } reason ? new DeadLetterCause(reason) : null;
        try
        {
            endpoint.Mapper.MapIncoming(message, envelope);
            source.ApplyTenant(message.Subject, envelope);
            return refused ?? deadLettering.EarlierCauseOf(envelope) ?? (deliveries > (ulong)endpoint.MaxDeliver
                ? DeadLetterCause.Of(new DeliveriesExhaustedException(deliveries))
                : null);
        }
#pragma warning disable CA1031 // A header can make any parser throw; the message is unreadable whatever the exception.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return refused ?? new DeadLetterCause(e is UnreadableMessageException ? e.Message : $"its headers can't be read: {e.Message}");
        }
    }

    private sealed record Times(int Count);

    [LoggerMessage(4014, LogLevel.Debug, "Message {Sequence} on {Subject} was not handled: {Reason}")]
    private static partial void LogNotHandled(ILogger logger, ulong sequence, string subject, string reason);
}
