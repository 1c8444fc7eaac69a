using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Diagnostics;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Provisioning;
using Wolverine.Nats.Sending;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Copies a delivery to the dead-letter stream. The copy's id names the delivery, not the message: the message's own
/// id could be taken for a repeat of something else, and the copy be lost.
/// </summary>
internal sealed class DeadLetterPublisher(
    NatsBroker broker, DeadLetterConfiguration target, NatsEndpoint endpoint, ConsumerDeclaration consumer, IWolverineRuntime runtime)
    : IDeadLetterTarget
{
    private const int LongestReason = 512;
    private const int LongestMessageId = 1000;

    // A stream takes no more.
    private const int MostHeaderBytes = ushort.MaxValue;

    public bool IsNative => true;

    /// <exception cref="PublishException">The dead-letter stream did not confirm it.</exception>
    public async Task PublishAsync(Envelope envelope, DeadLetterCause cause, CancellationToken cancellation)
    {
        var headers = new LetterHeaders();
        var (subject, id) = envelope is NatsEnvelope received
            ? Describe(received.Delivery, headers)
            : Describe(envelope, headers);
        headers.Set(OutgoingHeaders.MessageId, id);
        headers.Set(DeadLetterHeaders.Subject, HeaderValue.Encode(subject));
        headers.Set(DeadLetterHeaders.Stream, consumer.Stream);
        headers.Set(DeadLetterHeaders.Consumer, consumer.Name);
        headers.Set(DeadLetterHeaders.Time, TimeOf(DateTimeOffset.UtcNow));
        headers.Set(DeadLetterHeaders.Reason, HeaderValue.Encode(OneLine(cause.Reason)));
        AddDiagnostics(headers, envelope, cause);

        await StoreAsync(DeadLetterSubject.Of(target.SubjectOf(subject, envelope.TenantId)), envelope.Data ?? [], headers, id, cancellation);
        NatsInstrumentation.RecordDeadLetter(consumer.Stream, consumer.Name);
        if (endpoint.WhenDeadLettered is { } tell)
        {
            var message = envelope is NatsEnvelope { Delivery: var delivery } ? new NatsMessage(subject, delivery.Headers) : new NatsMessage(subject, headers.ToNats());
            await tell(new DeadLetter(envelope, message, cause.Reason, cause.Exception), runtime);
        }
    }

    // A repeat of this id is the same dead letter, recorded before an ack was lost.
    private async Task StoreAsync(string subject, byte[] data, LetterHeaders headers, string id, CancellationToken cancellation)
    {
        headers.ShrinkTo(Math.Min(MostHeaderBytes, broker.Publisher.MaxPayload - data.Length));
        for (var (isStored, isCaptured) = (false, false); !isStored;)
        {
            try
            {
                await broker.Publisher.PublishAsync(subject, data, headers.ToNats(), id, stream: null, cancellation);
                isStored = true;
            }
            catch (PublishUnknownException e) when (e is { Forbidden: false, InnerException: null } && !isCaptured)
            {
                await RestoreAsync(subject, e, cancellation);
                isCaptured = true;
            }
            catch (PublishRefusedException e) when (e.IsTooLarge)
            {
                // The stream takes less than the server, and does not say how much.
                if (!headers.ShrinkTo(headers.Size / 2))
                {
                    throw;
                }
            }
        }
    }

    // Nothing else notices that the stream of dead letters was deleted: nobody listens to it.
    private async Task RestoreAsync(string subject, PublishUnknownException unheard, CancellationToken cancellation)
    {
        try
        {
            await broker.Refusals.ExplainAsync(
                () => new DeadLetterStreams(endpoint.Transport, broker, consumer).EnsureCapturedAsync(subject, target.Filter, cancellation));
        }
        catch (NatsConfigurationException e)
        {
            throw new PublishException(e.Message, unheard);
        }
        catch (NatsException)
        {
            // Its leader is away, as that of the letters' stream may be.
            throw unheard;
        }
    }

    private (string Subject, string Id) Describe(INatsJSMsg<byte[]> delivery, LetterHeaders headers)
    {
        var metadata = delivery.Metadata!.Value;
        headers.Keep(delivery.Headers ?? []);
        if (delivery.Headers is not null && delivery.Headers.TryGetValue(OutgoingHeaders.MessageId, out var messageId))
        {
            var kept = HeaderValue.Encode(messageId.ToString());
            headers.Set(DeadLetterHeaders.MessageId, kept.Length <= LongestMessageId ? kept : IdentityOf(delivery).ToString());
        }

        var sequence = metadata.Sequence.Stream.ToString(CultureInfo.InvariantCulture);
        headers.Set(DeadLetterHeaders.Sequence, sequence);
        headers.Set(DeadLetterHeaders.Stored, TimeOf(metadata.Timestamp));
        headers.Set(DeadLetterHeaders.Deliveries, metadata.NumDelivered.ToString(CultureInfo.InvariantCulture));

        // With the time, because a stream that is made again counts from the start.
        return (delivery.Subject, $"dlq:{metadata.Stream}:{sequence}:{consumer.Name}:{metadata.Timestamp.UtcTicks}");
    }

    // An identity is its own: who reads the letter comes to the same.
    private static Guid IdentityOf(INatsJSMsg<byte[]> delivery)
    {
        var metadata = delivery.Metadata!.Value;
        var messageId = new NatsMessage(delivery.Subject, delivery.Headers).Header(OutgoingHeaders.MessageId);
        return DeliveryIdentity.Of(messageId, metadata.Stream, metadata.Sequence.Stream, metadata.Timestamp);
    }

    // Recovered from the durable inbox: the delivery is long settled, and the envelope is all there is.
    private (string Subject, string Id) Describe(Envelope envelope, LetterHeaders headers)
    {
        headers.Keep(OutgoingHeaders.Unchecked(endpoint, envelope));
        headers.Set(DeadLetterHeaders.MessageId, envelope.Id.ToString());
        return (endpoint.Transport.Declarations.SubjectOf(endpoint, envelope.TenantId), $"dlq:{consumer.Stream}:{envelope.Id}:{consumer.Name}");
    }

    // Wolverine's own names, which its tools read; the stack stays in the log.
    private void AddDiagnostics(LetterHeaders headers, Envelope envelope, DeadLetterCause cause)
    {
        headers.Set(DeadLetterQueueConstants.OriginalDestinationHeader, HeaderValue.Encode(endpoint.Uri.ToString()));
        headers.Set(DeadLetterQueueConstants.FailedAtHeader, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        headers.Set(EnvelopeConstants.AttemptsKey, envelope.Attempts.ToString(CultureInfo.InvariantCulture));
        if (cause.ExceptionType is not null)
        {
            headers.Set(DeadLetterQueueConstants.ExceptionTypeHeader, HeaderValue.Encode(cause.ExceptionType));
            headers.Set(DeadLetterQueueConstants.ExceptionMessageHeader, HeaderValue.Encode(OneLine(cause.ExceptionMessage ?? string.Empty)));
        }
    }

    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string OneLine(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= LongestReason ? line : line[..LongestReason];
    }
}
