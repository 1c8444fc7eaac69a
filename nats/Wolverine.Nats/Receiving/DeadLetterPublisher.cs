using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Copies a delivery to the dead-letter stream. The copy's id names the delivery, not the message: the message's own
/// id could be taken for a repeat of something else, and the copy be lost.
/// </summary>
internal sealed class DeadLetterPublisher(JetStreamPublisher publisher, DeadLetterConfiguration target, string consumer)
{
    private const int LongestReason = 512;

    /// <exception cref="PublishException">The dead-letter stream did not confirm it.</exception>
    public async Task PublishAsync(INatsJSMsg<byte[]> delivery, string? tenant, string reason, CancellationToken cancellation)
    {
        var metadata = delivery.Metadata!.Value;
        var headers = Copied(delivery.Headers);
        headers[DeadLetterHeaders.Subject] = HeaderValue.Encode(delivery.Subject);
        headers[DeadLetterHeaders.Stream] = metadata.Stream;
        headers[DeadLetterHeaders.Sequence] = metadata.Sequence.Stream.ToString(CultureInfo.InvariantCulture);
        headers[DeadLetterHeaders.Consumer] = consumer;
        headers[DeadLetterHeaders.Deliveries] = metadata.NumDelivered.ToString(CultureInfo.InvariantCulture);
        headers[DeadLetterHeaders.Time] = DateTimeOffset.UtcNow.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        headers[DeadLetterHeaders.Reason] = HeaderValue.Encode(OneLine(reason));

        // A repeat of this id is the same dead letter, recorded before an ack was lost.
        await publisher.PublishAsync(
            NatsSubject.Publishable(target.SubjectOf(delivery.Subject, tenant)),
            delivery.Data ?? [],
            headers,
            $"dlq:{metadata.Stream}:{metadata.Sequence.Stream}:{consumer}",
            stream: null,
            cancellation);
    }

    private static NatsHeaders Copied(NatsHeaders? original)
    {
        var headers = new NatsHeaders();
        foreach (var (name, values) in original ?? [])
        {
            if (!OutgoingHeaders.IsReserved(name))
            {
                headers[name] = HeaderValue.Encode(HeaderValue.Decode(values.ToString()));
            }
        }

        if (original is not null && original.TryGetValue("Nats-Msg-Id", out var id))
        {
            headers[DeadLetterHeaders.MessageId] = HeaderValue.Encode(id.ToString());
        }

        return headers;
    }

    private static string OneLine(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= LongestReason ? line : line[..LongestReason];
    }
}
