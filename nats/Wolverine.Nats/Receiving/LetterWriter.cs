using System.Globalization;
using NATS.Client.JetStream;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Provisioning;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>Writes what a dead letter says of its message beside the body.</summary>
internal sealed class LetterWriter(NatsEndpoint endpoint, ConsumerDeclaration consumer)
{
    private const int LongestReason = 512;
    private const int LongestMessageId = 1000;

    /// <returns>The subject that the message came on, and the letter's id: another one than the message's.</returns>
    public (string Subject, string Id) Write(LetterHeaders headers, Envelope envelope, DeadLetterCause cause)
    {
        var (subject, id) = envelope is NatsEnvelope received
            ? Describe(received.Delivery, headers)
            : Describe(envelope, headers);
        headers.Set(OutgoingHeaders.MessageId, id);
        headers.Set(DeadLetterHeaders.Subject, HeaderValue.Encode(subject));
        headers.Set(DeadLetterHeaders.Stream, consumer.Stream);
        headers.Tell(DeadLetterHeaders.Consumer, consumer.Name);
        headers.Tell(DeadLetterHeaders.Time, TimeOf(DateTimeOffset.UtcNow));
        headers.Tell(DeadLetterHeaders.Reason, HeaderValue.Encode(OneLine(cause.Reason)));
        AddDiagnostics(headers, envelope, cause);
        return (subject, id);
    }

    private (string Subject, string Id) Describe(INatsJSMsg<byte[]> delivery, LetterHeaders headers)
    {
        var metadata = delivery.Metadata!.Value;
        headers.Keep(delivery.Headers ?? []);
        if (new NatsMessage(delivery.Subject, delivery.Headers).MessageId is { } messageId)
        {
            var kept = HeaderValue.Encode(messageId);
            headers.Set(DeadLetterHeaders.MessageId, kept.Length <= LongestMessageId ? kept : IdentityOf(delivery).ToString());
        }

        var sequence = metadata.Sequence.Stream.ToString(CultureInfo.InvariantCulture);
        headers.Set(DeadLetterHeaders.Sequence, sequence);
        headers.Set(DeadLetterHeaders.Stored, TimeOf(metadata.Timestamp));
        headers.Tell(DeadLetterHeaders.Deliveries, metadata.NumDelivered.ToString(CultureInfo.InvariantCulture));

        // With the time, because a stream that is made again counts from the start.
        return (delivery.Subject, $"dlq:{metadata.Stream}:{sequence}:{consumer.Name}:{metadata.Timestamp.UtcTicks}");
    }

    // An identity is its own: who reads the letter comes to the same.
    private static Guid IdentityOf(INatsJSMsg<byte[]> delivery)
    {
        var metadata = delivery.Metadata!.Value;
        var messageId = new NatsMessage(delivery.Subject, delivery.Headers).MessageId;
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
        headers.Tell(DeadLetterQueueConstants.OriginalDestinationHeader, HeaderValue.Encode(endpoint.Uri.ToString()));
        headers.Tell(DeadLetterQueueConstants.FailedAtHeader, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        headers.Tell(EnvelopeConstants.AttemptsKey, envelope.Attempts.ToString(CultureInfo.InvariantCulture));
        if (cause.ExceptionType is not null)
        {
            headers.Tell(DeadLetterQueueConstants.ExceptionTypeHeader, HeaderValue.Encode(cause.ExceptionType));
            headers.Tell(DeadLetterQueueConstants.ExceptionMessageHeader, HeaderValue.Encode(OneLine(cause.ExceptionMessage ?? string.Empty)));
        }
    }

    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string OneLine(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= LongestReason ? line : line[..LongestReason];
    }
}
