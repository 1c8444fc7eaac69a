using System.Text.Json.Nodes;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups.Snapshots;

/// <summary>Restores streams from their snapshots (<c>io.nats.jetstream.api.v1.stream_restore_request</c>).</summary>
/// <param name="api">Where it asks.</param>
/// <param name="jetStream">The same connection.</param>
internal sealed class StreamRestorations(SnapshotApi api, INatsJSContext jetStream)
{
    // A server takes a message of 1 MB, unless it is told otherwise.
    private const int ChunkSize = 256 * 1024;

    private static readonly TimeSpan LongestElection = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Restores one; there is none of its name.</summary>
    /// <param name="stream">Its name.</param>
    /// <param name="image">What the server said of it.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="report">Told how many bytes of the snapshot have gone.</param>
    /// <param name="cancellation">Ends it; the server forgets what it has by then when nothing more comes.</param>
    /// <exception cref="BackupException">The server refuses.</exception>
    public async Task RestoreAsync(string stream, StreamImage image, Stream snapshot, Action<long> report, CancellationToken cancellation)
    {
        var fitting = string.IsNullOrEmpty(api.Connection.ServerInfo?.Cluster) ? image.WithoutReplicas() : image;
        var answer = await api.AskAsync(
            "STREAM.RESTORE", stream, new JsonObject { ["config"] = fitting.Config.DeepClone(), ["state"] = fitting.State.DeepClone() }, cancellation);
        var target = answer["deliver_subject"]!.GetValue<string>();
        var buffer = new byte[ChunkSize];
        for (long sent = 0; await snapshot.ReadAtLeastAsync(buffer, ChunkSize, throwOnEndOfStream: false, cancellation) is var read && read > 0;)
        {
            if (await api.SendAsync(target, buffer[..read], cancellation) is { Length: > 0 } refusal)
            {
                SnapshotApi.Answer("STREAM.RESTORE", stream, refusal);
            }

            report(sent += read);
        }

        SnapshotApi.Answer("STREAM.RESTORE", stream, await api.SendAsync(target, [], cancellation));
        await CorrectConsumersAsync(await ReadyAsync(stream, image.State["consumer_count"]?.GetValue<long>() ?? 0, cancellation), cancellation);
    }

    // A cluster answers before the stream has a leader, and before it has made the consumers.
    private async Task<StreamInfo> ReadyAsync(string stream, long consumers, CancellationToken cancellation)
    {
        for (var until = DateTimeOffset.UtcNow + LongestElection; ; await Task.Delay(BetweenLooks, cancellation))
        {
            var isLate = DateTimeOffset.UtcNow > until;
            try
            {
                var found = (await jetStream.GetStreamAsync(stream, cancellationToken: cancellation)).Info;
                if (isLate || (found.Cluster is not { Name.Length: > 0, Leader: null or "" } && found.State.ConsumerCount >= consumers))
                {
                    return found;
                }
            }
            catch (NatsException) when (!isLate)
            {
                // Not yet.
            }
        }
    }

    // While a stream is in use its consumers are written later than its messages, and may be further than these. Such a one would take
    // new messages for delivered. What a work queue still has is not done for certain, so all of it is delivered again.
    private async Task CorrectConsumersAsync(StreamInfo found, CancellationToken cancellation)
    {
        var stream = found.Config.Name!;
        await foreach (var consumer in jetStream.ListConsumersAsync(stream, cancellation))
        {
            var info = consumer.Info;
            var isWorkQueue = found.Config.Retention == StreamConfigRetention.Workqueue;
            if (!isWorkQueue && info.Delivered.StreamSeq <= found.State.LastSeq)
            {
                continue;
            }

            if (!isWorkQueue)
            {
                info.Config.DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence;
                info.Config.OptStartTime = default;
                info.Config.OptStartSeq = Math.Min(info.AckFloor.StreamSeq, found.State.LastSeq) + 1;
            }

            await jetStream.DeleteConsumerAsync(stream, info.Name, cancellation);
            await jetStream.CreateOrUpdateConsumerAsync(stream, info.Config, cancellation);
        }
    }
}
