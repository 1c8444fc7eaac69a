using System.Text;
using System.Text.Json;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Api.Backups.Snapshots;

namespace Tickets.Tests.Backups;

/// <summary>A snapshot that a server has begun to send.</summary>
public sealed class InterruptedSnapshots : IDisposable
{
    private const string Prefix = "BACKUP.API";
    private readonly TemporaryFolder _folder = new();

    [Fact(Timeout = 30_000)]
    public async Task who_does_not_want_it_any_more_need_not_wait_for_the_rest()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var connection = nats.Connect();
        await using var requests = await connection.SubscribeCoreAsync<byte[]>($"{Prefix}.STREAM.SNAPSHOT.LARGE");
        using var interruption = new CancellationTokenSource();
        var begun = new TaskCompletionSource();

        var snapshots = new StreamSnapshots(new SnapshotApi(new NatsJSContext(connection, new NatsJSOpts(connection.Opts, Prefix))));
        var taking = snapshots.TakeAsync("LARGE", _folder.File("LARGE.snapshot"), (_, _) => begun.TrySetResult(), interruption.Token);
        var request = await requests.Msgs.ReadAsync(TestContext.Current.CancellationToken);
        await request.ReplyAsync(Encoding.UTF8.GetBytes("""{"config": {"name": "LARGE"}, "state": {"messages": 9, "bytes": 900}}"""));
        var inbox = JsonDocument.Parse(request.Data!).RootElement.GetProperty("deliver_subject").GetString()!;
        await connection.PublishAsync(inbox, new byte[100]);
        await begun.Task;
        taking.IsCompleted.ShouldBeFalse();
        await interruption.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(taking);
    }

    public void Dispose() => _folder.Dispose();
}
