using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Cluster;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Monitoring;

/// <summary>The alerts of the group <c>jetstream</c>: what is wrong makes each fire, and what mends it ends it.</summary>
public sealed class JetStreamAlerts
{
    private const int Megabyte = 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task nodes_that_are_killed_or_stopped_until_there_is_no_quorum()
    {
        await using var cluster = await LocalCluster.StartAsync();
        await using var service = await TicketService.StartAsync(cluster.Url, ("NATS_MONITOR_URLS", cluster.MonitorUrls));
        await WriteLetterAsync(cluster, service);
        await using var prometheus = await PrometheusServer.StartAsync(service);
        await prometheus.IsWellAsync();

        // A node that is killed says no goodbye: for two minutes its copies are taken for slow ones.
        await cluster.KillAsync(3);
        await prometheus.FiresAsync("NodeDown", $"node=127.0.0.1:{cluster.MonitorPorts[2]}");
        await prometheus.FiresAsync("StreamCopyBehind");
        await UpAsync(cluster);
        await prometheus.ResolveAsync("NodeDown", "StreamCopyBehind");

        await cluster.TerminateAsync(2);
        await prometheus.FiresAsync("StreamCopyMissing");

        await cluster.KillAsync(3);
        await prometheus.FiresAsync("StreamWithoutLeader");
        await prometheus.FiresAsync("JetStreamUnavailable");

        await cluster.KillAsync(1);
        await Eventually.Async(
            () => prometheus.QueryAsync("""tickets_stream_up{stream="TICKET_DLQ"} == 0"""), series => series.Count > 0, Limit, "nobody tells of the letters");
        await UpAsync(cluster);
        await prometheus.IsWellAsync();
        (await prometheus.HasFiredAsync("DeadLetters")).ShouldBeFalse("a stream that does not answer and comes back has no new letters");
    }

    [Fact]
    public async Task a_store_that_fills_up()
    {
        using var store = new TemporaryFolder();
        var monitor = $"127.0.0.1:{FreePort.Next()}";
        await using var nats = await NatsServer.StartAsync($$"""
            http: "{{monitor}}"
            jetstream { store_dir: "{{store.Path}}", max_file_store: {{32 * Megabyte}} }
            """);
        await using var service = await TicketService.StartAsync(nats, ("NATS_MONITOR_URLS", $"http://{monitor}"));
        await using var prometheus = await PrometheusServer.StartAsync(service);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await prometheus.IsWellAsync();

        for (var i = 0; i < 28; i++)
        {
            (await jetStream.PublishAsync("audit.recorded", new byte[Megabyte - 1024])).EnsureSuccess();
        }

        await prometheus.FiresAsync("NodeStoreNearlyFull", $"node={monitor}");
        await (await jetStream.GetStreamAsync("TICKET_EVENTS")).PurgeAsync(new StreamPurgeRequest());
        await prometheus.ResolveAsync("NodeStoreNearlyFull");
    }

    // An old letter, which must not look like a new one.
    private static async Task WriteLetterAsync(LocalCluster cluster, TicketService service)
    {
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = cluster.Url });
        (await new NatsJSContext(connection).PublishAsync("ticket.commands.alerts.create", "{")).EnsureSuccess();
        await Eventually.Async(
            () => service.Http.GetStringAsync("/metrics"),
            metrics => metrics.Split('\n').Any(line => line.StartsWith("tickets_stream_messages{", StringComparison.Ordinal)
                && line.Contains("\"TICKET_DLQ\"} 1", StringComparison.Ordinal)),
            Limit,
            "the letter is told");
    }

    private static async Task UpAsync(LocalCluster cluster) => (await cluster.RunAsync("up")).ExitCode.ShouldBe(0);
}
