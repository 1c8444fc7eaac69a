using System.Text.Json.Nodes;

namespace Tickets.Api.Backups.Snapshots;

/// <summary>What a server says of a stream when it takes its snapshot, and wants to hear when it restores it.</summary>
/// <param name="Config">The configuration, as the server wrote it.</param>
/// <param name="State">What the stream held, as the server wrote it.</param>
internal sealed record StreamImage(JsonObject Config, JsonObject State)
{
    /// <summary>How many messages it had.</summary>
    public long Messages => Number("messages");

    /// <summary>Their size in bytes.</summary>
    public long Bytes => Number("bytes");

    /// <summary>The first one's sequence.</summary>
    public long First => Number("first_seq");

    /// <summary>The last one's sequence.</summary>
    public long Last => Number("last_seq");

    /// <summary>When the first one was stored; null when there is none.</summary>
    public DateTimeOffset? FirstAt => Messages == 0 ? null : State["first_ts"]?.GetValue<DateTimeOffset>();

    /// <summary>The same stream for a server that is by itself: there a stream can't have copies.</summary>
    public StreamImage WithoutReplicas()
    {
        var config = (JsonObject)Config.DeepClone();
        config["num_replicas"] = 1;
        return this with { Config = config };
    }

    private long Number(string name) => State[name]?.GetValue<long>() ?? 0;
}
