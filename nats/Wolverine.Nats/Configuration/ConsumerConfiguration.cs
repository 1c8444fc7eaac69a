using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Configuration;

/// <summary>The durable pull consumer behind a JetStream listener. What is null comes from <see cref="JetStreamDefaults"/>.</summary>
public sealed class ConsumerConfiguration
{
    /// <summary>How long the server waits for a settlement before it delivers again. At least 2 s. Renewed at half.</summary>
    public TimeSpan? AckWait { get; set; }

    /// <summary>The longest a delivery is kept by renewing. Default 24 h: a database may be away for long.</summary>
    public TimeSpan MaximumLease { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Deliveries that may be unsettled at once, over all processes. Default 1,024.</summary>
    public int MaxAckPending { get; set; } = 1024;

    /// <summary>
    /// Deliveries that this process may hold at once: what it handles and what waits for that. What is given back until a
    /// later try is the server's to hold. Default: as many as may be unsettled.
    /// </summary>
    public int? MaxInFlight { get; set; }

    /// <summary>Deliveries that this process asks for ahead. Default 256; an inline listener takes them one by one.</summary>
    public int Prefetch { get; set; } = 256;

    /// <summary>Deliveries of one message after which it is dead-lettered before it is handled.</summary>
    public int? MaxDeliver { get; set; }

    /// <summary>Where a new consumer begins. An existing one stays where it is.</summary>
    public ConsumerConfigDeliverPolicy? DeliverPolicy { get; set; }

    internal int InFlightLimit => Math.Min(MaxInFlight ?? MaxAckPending, MaxAckPending);
}
