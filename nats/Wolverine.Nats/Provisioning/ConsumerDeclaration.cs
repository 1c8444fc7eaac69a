using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Provisioning;

/// <summary>A durable pull consumer as a listener needs it.</summary>
internal sealed record ConsumerDeclaration(
    string Stream, string Name, string Filter, TimeSpan AckWait, int MaxAckPending, ConsumerConfigDeliverPolicy? DeliverPolicy)
{
    /// <summary>How many messages it asks for at once, at most. Default: one.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>What receiving through it publishes to: pulls, questions about it, and settlements.</summary>
    /// <param name="apiPrefix">Such as <c>$JS.API</c>.</param>
    public IEnumerable<string> SubjectsUsed(string apiPrefix) =>
    [
        $"{apiPrefix}.CONSUMER.MSG.NEXT.{Stream}.{Name}",
        $"{apiPrefix}.CONSUMER.INFO.{Stream}.{Name}",
        $"$JS.ACK.{Stream}.{Name}.>",
    ];

    /// <summary>The server never gives a message up (MaxDeliver -1): it would do so silently.</summary>
    /// <param name="existing">The one that is there: where it began and how many pulls may wait can't be changed, and needn't be. Null for a new one.</param>
    /// <param name="next">The sequence that a new one begins with; null for its deliver policy.</param>
    public ConsumerConfig ToConsumerConfig(ConsumerConfig? existing, ulong? next = null) => new(Name)
    {
        FilterSubject = Filter,
        AckPolicy = ConsumerConfigAckPolicy.Explicit,
        AckWait = AckWait,
        MaxAckPending = MaxAckPending,
        MaxDeliver = -1,
        MaxWaiting = existing?.MaxWaiting ?? 0,
        DeliverPolicy = existing?.DeliverPolicy ?? (next is null ? DeliverPolicy ?? ConsumerConfigDeliverPolicy.All : ConsumerConfigDeliverPolicy.ByStartSequence),
        OptStartSeq = existing?.OptStartSeq ?? next ?? 0,
        OptStartTime = existing?.OptStartTime ?? default,
        ReplayPolicy = ConsumerConfigReplayPolicy.Instant,
    };

    /// <summary>What is not as declared: with <c>headers_only</c> every body would be lost, and with narrower limits pulls are refused.</summary>
    /// <remarks>A server may fill in its own limit on a batch; one that is wide enough is no difference.</remarks>
    public IEnumerable<string> DifferencesFrom(ConsumerConfig found) =>
    [
        .. Difference.Of("deliver subject (only pull consumers can be listened to)", string.Empty, found.DeliverSubject ?? string.Empty),
        .. Difference.Of("filter subject", Filter, found.FilterSubject),
        .. Difference.Of("ack policy", ConsumerConfigAckPolicy.Explicit, found.AckPolicy),
        .. Difference.Of("ack wait", AckWait, found.AckWait),
        .. Difference.Of("max ack pending", MaxAckPending, found.MaxAckPending),
        .. Difference.Of("max deliver", -1, found.MaxDeliver),
        .. Difference.Of("headers only", false, found.HeadersOnly),
        .. Difference.Of("inactive threshold", TimeSpan.Zero, found.InactiveThreshold),
        .. Difference.Of("max batch", 0, found.MaxBatch >= Batch ? 0 : found.MaxBatch),
        .. Difference.Of("max expires", TimeSpan.Zero, found.MaxExpires),
        .. Difference.Of("max bytes", 0, found.MaxBytes),
        .. Difference.Of("backoff", string.Empty, string.Join(", ", found.Backoff ?? [])),
        .. Difference.Of("memory storage", false, found.MemStorage),
        .. Difference.Of("replicas", 0, found.NumReplicas),
    ];
}
