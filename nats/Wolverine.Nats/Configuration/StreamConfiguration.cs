using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Configuration;

/// <summary>What a JetStream stream must look like. The defaults keep everything on file, once, for ever.</summary>
public sealed record StreamConfiguration
{
    /// <summary>The stream's name, for instance <c>TICKET_EVENTS</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The subjects it captures; wildcards allowed.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>When messages leave. Default: by the stream's limits.</summary>
    public StreamConfigRetention Retention { get; init; } = StreamConfigRetention.Limits;

    /// <summary>
    /// What a full stream does. Default: it refuses new messages, so that the publisher hears of it. A work queue
    /// must keep this default: <see cref="StreamConfigDiscard.Old"/> drops commands that were already acknowledged.
    /// </summary>
    public StreamConfigDiscard Discard { get; init; } = StreamConfigDiscard.New;

    /// <summary>How long messages are kept; <see cref="TimeSpan.Zero"/> (the default) is for ever.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>The largest message in bytes, body and headers; -1 (the default) leaves it to the server.</summary>
    public int MaxMessageSize { get; init; } = -1;

    /// <summary>How long a repeated <c>Nats-Msg-Id</c> is recognised. Default 2 minutes.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Copies in the cluster, 1 to 5. Default 1.</summary>
    public int Replicas { get; init; } = 1;

    internal StreamConfig ToStreamConfig() => new()
    {
        Name = Name,
        Subjects = [.. Subjects],
        Retention = Retention,
        Discard = Discard,
        MaxAge = MaxAge,
        MaxMsgSize = MaxMessageSize,
        MaxMsgs = -1,
        MaxBytes = -1,
        MaxMsgsPerSubject = -1,
        MaxConsumers = -1,
        DuplicateWindow = DuplicateWindow,
        NumReplicas = Replicas,
        Storage = StreamConfigStorage.File,
        AllowDirect = true,
    };
}
