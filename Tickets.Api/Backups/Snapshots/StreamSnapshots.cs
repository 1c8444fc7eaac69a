using System.Text.Json.Nodes;
using System.Threading.Channels;
using NATS.Client.Core;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups.Snapshots;

/// <summary>
/// Takes snapshots of streams with their consumers, as the server makes them while the streams are in use
/// (<c>io.nats.jetstream.api.v1.stream_snapshot_request</c>).
/// </summary>
/// <param name="api">Where it asks.</param>
internal sealed class StreamSnapshots(SnapshotApi api)
{
    private const int Tries = 5;
    private const int FirstError = 400;

    // More than the server sends before it waits for acks; a message too many would be dropped.
    private const int Window = 16_384;

    /// <summary>Takes one.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="file">Where it is put, compressed as the server sends it.</param>
    /// <param name="report">Told how many bytes have come, and how many the stream has, which are not compressed.</param>
    /// <param name="cancellation">Ends it; the server notices that nobody listens any more.</param>
    /// <exception cref="BackupException">The server refuses, or does not send a whole one.</exception>
    public async Task<StreamImage> TakeAsync(string stream, string file, Action<long, long> report, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var image = await TryAsync(stream, file, report, cancellation);
            if (await SnapshotCheck.FaultAsync(file, image.Messages > 0) is not { } fault)
            {
                return image;
            }

            if (attempt == Tries)
            {
                throw new BackupException($"the server has sent {Tries} snapshots of {stream} that are not whole ({fault}); its log tells more");
            }
        }
    }

    private async Task<StreamImage> TryAsync(string stream, string file, Action<long, long> report, CancellationToken cancellation)
    {
        // Not one of the connection's own inboxes, which share a subscription to all: the server looks for one to this very subject, for two
        // seconds, and notices by it when nobody listens any more.
        var inbox = $"{api.Connection.Opts.InboxPrefix}.snapshot.{Guid.NewGuid():N}";
        await using var chunks = await api.Connection.SubscribeCoreAsync<byte[]>(
            inbox,
            opts: new NatsSubOpts { ChannelOpts = new NatsSubChannelOpts { Capacity = Window, FullMode = BoundedChannelFullMode.Wait } },
            cancellationToken: cancellation);
        var answer = await api.AskAsync("STREAM.SNAPSHOT", stream, new JsonObject { ["deliver_subject"] = inbox, ["no_consumers"] = false }, cancellation);
        var image = new StreamImage(answer["config"]!.DeepClone().AsObject(), answer["state"]!.DeepClone().AsObject());
        await using var target = File.Create(file);
        for (var expected = 1L; ; expected++)
        {
            var chunk = await NextAsync(chunks, stream, cancellation);
            if (chunk.Headers is { Code: >= FirstError } headers)
            {
                throw new BackupException($"the server gave the snapshot of {stream} up: {headers.Code} {headers.MessageText}");
            }

            if (chunk.Data is not { Length: > 0 } data)
            {
                return image;
            }

            await target.WriteAsync(data, cancellation);
            report(target.Length, image.Bytes);
            await AcknowledgeAsync(chunk, expected, stream);
        }
    }

    private static async Task<NatsMsg<byte[]>> NextAsync(INatsSub<byte[]> chunks, string stream, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(SnapshotApi.Patience);
        try
        {
            return await chunks.Msgs.ReadAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException && !cancellation.IsCancellationRequested)
        {
            throw new BackupException($"the server has stopped sending the snapshot of {stream}", e);
        }
    }

    // $JS.SNAPSHOT.ACK.{stream}.{id}.{size}.{number}: the server goes on when it has the ack. The last chunk may want none.
    private async Task AcknowledgeAsync(NatsMsg<byte[]> chunk, long expected, string stream)
    {
        if (chunk.ReplyTo is not { Length: > 0 } ack)
        {
            return;
        }

        if (!ack.EndsWith($".{chunk.Data!.Length}.{expected}", StringComparison.Ordinal))
        {
            throw new BackupException($"a part of the snapshot of {stream} is missing, before {ack}; try again");
        }

        await api.Connection.PublishAsync(ack);
    }
}
