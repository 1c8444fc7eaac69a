using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Configuration;

/// <summary>
/// What consumers and streams are like unless they say otherwise. The limits hold for streams that a listener implies;
/// declared ones have their own. No limit is set by default: a limit that nobody chose loses messages.
/// </summary>
public sealed class JetStreamDefaults
{
    /// <summary>How long an implied stream keeps messages. Default: for ever.</summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>How many messages an implied stream takes before it refuses more. Default: any number.</summary>
    public long? MaxMessages { get; set; }

    /// <summary>How many bytes an implied stream takes before it refuses more. Default: what the server has.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>Copies of an implied stream in the cluster, 1 to 5. Default 1.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>How long the server waits for a settlement before it delivers again. Renewed at half. Default 30 s.</summary>
    public TimeSpan AckWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Deliveries of one message after which it is dead-lettered before it is handled, because the process seems to
    /// die of it. The server itself never gives up. Default 20; deliveries that a stopping process gives back count too.
    /// </summary>
    public int MaxDeliver { get; set; } = 20;

    /// <summary>How long a repeated <c>Nats-Msg-Id</c> is recognised, unless the stream says otherwise. Default 2 minutes.</summary>
    public TimeSpan DuplicateWindow { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Where a new consumer begins. Default: with the first message that the stream still has.</summary>
    public ConsumerConfigDeliverPolicy? DeliverPolicy { get; set; }

    internal JetStreamDefaults Copy() => (JetStreamDefaults)MemberwiseClone();
}
