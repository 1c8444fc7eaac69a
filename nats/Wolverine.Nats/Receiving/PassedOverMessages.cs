using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Messages that are in a stream and that its consumer will never deliver, because it has moved on. Nodes of 2.9 that are killed
/// one after another can give sequences again that consumers have seen, or keep messages that were acknowledged.
/// </summary>
internal static class PassedOverMessages
{
    /// <summary>Whether there are any for certain.</summary>
    /// <param name="before">The consumer some seconds earlier; null when it was not looked at.</param>
    /// <param name="consumer">The consumer.</param>
    /// <param name="stream">Its stream, asked later than the consumer.</param>
    /// <param name="messages">How many of the stream's messages are for this consumer, of the same answer.</param>
    public static bool Exist(ConsumerInfo? before, ConsumerInfo consumer, StreamInfo stream, long messages)
    {
        var last = stream.State.LastSeq;
        if (consumer.Delivered.StreamSeq > last)
        {
            // What comes next gets a number that the consumer takes for one it has delivered.
            return true;
        }

        // A work queue loses what is acknowledged; with copies on other nodes when those have agreed, which takes less than there is between
        // two looks. So what was acknowledged by the look before is gone now, and with it all up to the floor.
        return stream.Config.Retention == StreamConfigRetention.Workqueue
            && stream.State.ConsumerCount == 1
            && before is not null
            && before.Created == consumer.Created
            && ((ulong)messages > last - before.Delivered.StreamSeq + (ulong)before.NumAckPending
                || (messages == stream.State.Messages && messages > 0 && stream.State.FirstSeq <= before.AckFloor.StreamSeq));
    }

    /// <summary>
    /// Whether a consumer that was made again has delivered as many messages as there are: then they are leftovers that were
    /// acknowledged. Otherwise it has passed them over like the one before it, as one does that is led by a node without them.
    /// </summary>
    public static bool WereDelivered(ConsumerInfo consumer, long messages) => consumer.Delivered.ConsumerSeq >= (ulong)messages;

    /// <summary>How many of the stream's messages a consumer is for; null when the answer does not tell.</summary>
    public static long? CountOf(string filter, StreamInfo stream) =>
        (stream.Config.Subjects ?? []).All(subject => NatsSubject.Covers(filter, subject)) ? stream.State.Messages
        : stream.State.Subjects?.Values.Sum();
}
