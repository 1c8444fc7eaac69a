using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Configuration;

/// <summary>The durable pull consumer behind a JetStream listener.</summary>
public sealed class ConsumerConfiguration
{
    /// <summary>The durable name; every process that shares the work uses the same one.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>How long the server waits for a settlement before it delivers again. Renewed at half. Default 30 s.</summary>
    public TimeSpan AckWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest a delivery is kept by renewing. Default 24 h: a database may be away for long.</summary>
    public TimeSpan MaximumLease { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Deliveries that may be unsettled at once, over all processes. Default 1,024.</summary>
    public int MaxAckPending { get; set; } = 1024;

    /// <summary>Deliveries that this process asks for ahead. Default 256.</summary>
    public int Prefetch { get; set; } = 256;

    /// <summary>
    /// Deliveries of one message after which it is dead-lettered before it is handled, because the process seems to
    /// die of it. The server itself never gives up (MaxDeliver -1). Default 20.
    /// </summary>
    public int MaxDeliveries { get; set; } = 20;

    internal ConsumerConfig ToConsumerConfig(string filter) => new(Name)
    {
        FilterSubject = filter,
        AckPolicy = ConsumerConfigAckPolicy.Explicit,
        AckWait = AckWait,
        MaxAckPending = MaxAckPending,
        MaxDeliver = -1,
        DeliverPolicy = ConsumerConfigDeliverPolicy.All,
        ReplayPolicy = ConsumerConfigReplayPolicy.Instant,
    };
}
