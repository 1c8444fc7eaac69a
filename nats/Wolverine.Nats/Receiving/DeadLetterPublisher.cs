using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Nats.Configuration;
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
    JetStreamPublisher publisher, DeadLetterConfiguration target, NatsEndpoint endpoint, ConsumerDeclaration consumer, IWolverineRuntime runtime)
    : IDeadLetterTarget
{
    private const int LongestReason = 512;

    public bool IsNative => true;

    /// <exception cref="PublishException">The dead-letter stream did not confirm it.</exception>
    public async Task PublishAsync(Envelope envelope, DeadLetterCause cause, CancellationToken cancellation)
    {
        var headers = new NatsHeaders();
        var (subject, id) = envelope is NatsEnvelope received
            ? Describe(received.Delivery, headers)
            : Describe(envelope, headers);
        headers[DeadLetterHeaders.Subject] = HeaderValue.Encode(subject);
        headers[DeadLetterHeaders.Stream] = consumer.Stream;
        headers[DeadLetterHeaders.Consumer] = consumer.Name;
        headers[DeadLetterHeaders.Time] = DateTimeOffset.UtcNow.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        headers[DeadLetterHeaders.Reason] = HeaderValue.Encode(OneLine(cause.Reason));
        AddDiagnostics(headers, envelope, cause);

        // A repeat of this id is the same dead letter, recorded before an ack was lost.
        await publisher.PublishAsync(
            DeadLetterSubject.Of(target.SubjectOf(subject, envelope.TenantId)),
            envelope.Data ?? [],
            headers,
            id,
            stream: null,
            cancellation);
        NatsInstrumentation.RecordDeadLetter(consumer.Stream, consumer.Name);
        if (endpoint.WhenDeadLettered is { } tell)
        {
            var message = envelope is NatsEnvelope { Delivery: var delivery } ? new NatsMessage(subject, delivery.Headers) : new NatsMessage(subject, headers);
            await tell(new DeadLetter(envelope, message, cause.Reason, cause.Exception), runtime);
        }
    }

    private (string Subject, string Id) Describe(INatsJSMsg<byte[]> delivery, NatsHeaders headers)
    {
        var metadata = delivery.Metadata!.Value;
        foreach (var (name, values) in delivery.Headers ?? [])
        {
            if (!OutgoingHeaders.IsReserved(name))
            {
                headers[name] = HeaderValue.Encode(HeaderValue.Decode(values.ToString()));
            }
        }

        if (delivery.Headers is not null && delivery.Headers.TryGetValue(OutgoingHeaders.MessageId, out var messageId))
        {
            headers[DeadLetterHeaders.MessageId] = HeaderValue.Encode(messageId.ToString());
        }

        var sequence = metadata.Sequence.Stream.ToString(CultureInfo.InvariantCulture);
        headers[DeadLetterHeaders.Sequence] = sequence;
        headers[DeadLetterHeaders.Deliveries] = metadata.NumDelivered.ToString(CultureInfo.InvariantCulture);

        // With the time, because a stream that is made again counts from the start.
        return (delivery.Subject, $"dlq:{metadata.Stream}:{sequence}:{consumer.Name}:{metadata.Timestamp.UtcTicks}");
    }

    // Recovered from the durable inbox: the delivery is long settled, and the envelope is all there is.
    private (string Subject, string Id) Describe(Envelope envelope, NatsHeaders headers)
    {
        OutgoingHeaders.Write(endpoint, envelope, headers);
        headers[DeadLetterHeaders.MessageId] = envelope.Id.ToString();
        return (endpoint.Subject, $"dlq:{consumer.Stream}:{envelope.Id}:{consumer.Name}");
    }

    // Wolverine's own names, which its tools read; the stack stays in the log.
    private void AddDiagnostics(NatsHeaders headers, Envelope envelope, DeadLetterCause cause)
    {
        headers[DeadLetterQueueConstants.OriginalDestinationHeader] = HeaderValue.Encode(endpoint.Uri.ToString());
        headers[DeadLetterQueueConstants.FailedAtHeader] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers[EnvelopeConstants.AttemptsKey] = envelope.Attempts.ToString(CultureInfo.InvariantCulture);
        if (cause.ExceptionType is not null)
        {
            headers[DeadLetterQueueConstants.ExceptionTypeHeader] = HeaderValue.Encode(cause.ExceptionType);
            headers[DeadLetterQueueConstants.ExceptionMessageHeader] = HeaderValue.Encode(OneLine(cause.ExceptionMessage ?? string.Empty));
        }
    }

    private static string OneLine(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= LongestReason ? line : line[..LongestReason];
    }
}
