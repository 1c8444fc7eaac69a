using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Provisioning;

/// <summary>A durable pull consumer as a listener needs it.</summary>
internal sealed record ConsumerDeclaration(
    string Stream, string Name, string Filter, TimeSpan AckWait, int MaxAckPending, ConsumerConfigDeliverPolicy? DeliverPolicy)
{
    /// <summary>What receiving through it publishes to: pulls, questions about it, and settlements.</summary>
    /// <param name="apiPrefix">Such as <c>$JS.API</c>.</param>
    public IEnumerable<string> SubjectsUsed(string apiPrefix) =>
    [
        $"{apiPrefix}.CONSUMER.MSG.NEXT.{Stream}.{Name}",
        $"{apiPrefix}.CONSUMER.INFO.{Stream}.{Name}",
        $"$JS.ACK.{Stream}.{Name}.>",
    ];

    /// <summary>The server never gives a message up (MaxDeliver -1): it would do so silently.</summary>
    /// <param name="existing">The one that is there: where it began can't be changed, and needn't be. Null for a new one.</param>
    public ConsumerConfig ToConsumerConfig(ConsumerConfig? existing) => new(Name)
    {
        FilterSubject = Filter,
        AckPolicy = ConsumerConfigAckPolicy.Explicit,
        AckWait = AckWait,
        MaxAckPending = MaxAckPending,
        MaxDeliver = -1,
        DeliverPolicy = existing?.DeliverPolicy ?? DeliverPolicy ?? ConsumerConfigDeliverPolicy.All,
        OptStartSeq = existing?.OptStartSeq ?? 0,
        OptStartTime = existing?.OptStartTime ?? default,
        ReplayPolicy = ConsumerConfigReplayPolicy.Instant,
    };

    public IEnumerable<string> DifferencesFrom(ConsumerConfig found) =>
    [
        .. Difference.Of("deliver subject (only pull consumers can be listened to)", string.Empty, found.DeliverSubject ?? string.Empty),
        .. Difference.Of("filter subject", Filter, found.FilterSubject),
        .. Difference.Of("ack policy", ConsumerConfigAckPolicy.Explicit, found.AckPolicy),
        .. Difference.Of("ack wait", AckWait, found.AckWait),
        .. Difference.Of("max ack pending", MaxAckPending, found.MaxAckPending),
        .. Difference.Of("max deliver", -1, found.MaxDeliver),
    ];
}
