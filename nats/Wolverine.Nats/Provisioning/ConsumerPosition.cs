using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Provisioning;

/// <summary>
/// Up to where everything was acknowledged through a consumer when it was looked at last. By its deliver policy one that was deleted and is made
/// again would begin again, or leave out what nobody has handled.
/// </summary>
internal sealed class ConsumerPosition
{
    private volatile Acknowledged? _seen;

    /// <summary>
    /// Takes over where it is. Before the first acknowledgement nats-server 2.9 says 0, also of one that begins with new messages, and only
    /// where the delivering begins is to be trusted.
    /// </summary>
    public void Note(ConsumerInfo consumer, StreamInfo stream)
    {
        var through = consumer.AckFloor.ConsumerSeq > 0 ? consumer.AckFloor.StreamSeq
            : consumer.Delivered.ConsumerSeq == 0 ? consumer.Delivered.StreamSeq
            : _seen is { } seen && seen.StreamMade == stream.Created ? seen.Through
            : (ulong?)null;
        _seen = through is { } sequence ? new Acknowledged(stream.Created, sequence) : null;
    }

    /// <summary>It can't be trusted: the consumer has passed messages over.</summary>
    public void Forget() => _seen = null;

    /// <summary>
    /// The sequence to go on with; null when it is not known, or the stream is another or has lost what it had. What is in a work queue is not
    /// acknowledged, and its consumers may begin nowhere else.
    /// </summary>
    public ulong? NextIn(StreamInfo stream) =>
        _seen is { } seen
        && seen.StreamMade == stream.Created
        && seen.Through <= (ulong)stream.State.LastSeq
        && stream.Config.Retention != StreamConfigRetention.Workqueue
            ? seen.Through + 1
            : null;

    private sealed record Acknowledged(DateTimeOffset StreamMade, ulong Through);
}
