using System.Net.Http.Json;
using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Cluster;

/// <summary>The words of <c>./tickets cluster</c>.</summary>
public sealed class ClusterWords : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly LocalCluster _cluster = new();
    private readonly HttpClient _http = new();

    [Fact]
    public async Task three_nodes_come_up_lose_one_get_it_back_take_a_fourth_and_go()
    {
        var up = await _cluster.RunAsync("up");
        up.ExitCode.ShouldBe(0, up.Output);
        up.Output.ShouldContain(_cluster.Url);
        await WellAsync(nodes: 3);

        await _cluster.KillAsync(2);
        var ill = await _cluster.RunAsync("status");
        ill.ExitCode.ShouldBe(1, ill.Output);
        ill.Output.ShouldContain($"http://127.0.0.1:{_cluster.MonitorPorts[1]} is out of reach");
        ill.Output.ShouldContain("Not well.");

        (await _cluster.RunAsync("up")).ExitCode.ShouldBe(0);
        await WellAsync(nodes: 3);

        var added = await _cluster.RunAsync("add-node");
        added.ExitCode.ShouldBe(0, added.Output);
        await WellAsync(nodes: 4);

        (await _cluster.RunAsync("down")).ExitCode.ShouldBe(0);
        (await _cluster.RunAsync("status")).Output.ShouldContain("No node answers.");
        (await _cluster.RunAsync("reset", "--yes")).ExitCode.ShouldBe(0);
        Directory.Exists(_cluster.Data).ShouldBeFalse();
    }

    [Fact]
    public async Task each_node_answers_the_seeds_monitoring_requests_and_has_its_limits()
    {
        await _cluster.RunAsync("up");

        foreach (var (i, port) in _cluster.MonitorPorts.Take(3).Index())
        {
            var server = await _http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/varz");
            server.GetProperty("server_name").GetString().ShouldBe($"nats-motadata-{i + 1}");
            server.GetProperty("max_payload").GetInt32().ShouldBe(1024 * 1024);
            server.GetProperty("cluster").GetProperty("name").GetString().ShouldBe("nats-motadata");
            var limits = server.GetProperty("jetstream").GetProperty("config");
            limits.GetProperty("max_memory").GetInt64().ShouldBe(256L * 1024 * 1024);
            limits.GetProperty("max_storage").GetInt64().ShouldBe(2L * 1024 * 1024 * 1024);
            (await _http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/routez")).GetProperty("num_routes").GetInt32().ShouldBeGreaterThanOrEqualTo(2);
            (await _http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/subsz")).GetProperty("num_subscriptions").GetInt32().ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task a_port_that_another_program_has_is_named_and_no_node_is_started()
    {
        await using var other = await NatsServer.StartAsync($"http: 127.0.0.1:{_cluster.ClientPorts[2]}");

        var (exitCode, output) = await _cluster.RunAsync("up");

        exitCode.ShouldBe(1);
        output.ShouldContain($"port {_cluster.ClientPorts[2]}, which nats-motadata-3 needs, is in use by another program");
        (await _cluster.RunAsync("status")).Output.ShouldContain("No node answers.");
    }

    [Fact]
    public async Task the_program_makes_the_seeds_stream_on_three_nodes_and_writes_it_down()
    {
        await _cluster.RunAsync("up");
        await using var service = await TicketService.StartAsync(_cluster.Url);
        using var folder = new TemporaryFolder();

        (await service.RunAsync("streams", "export", folder.Path)).ExitCode.ShouldBe(0);

        using var stream = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("TICKET_EVENTS.json")));
        var row = stream.RootElement;
        row.GetProperty("subjects").EnumerateArray().Select(x => x.GetString()).ShouldBe(["ticket.*", "notification.*", "audit.*"], ignoreOrder: true);
        row.GetProperty("storage").GetString().ShouldBe("file");
        row.GetProperty("num_replicas").GetInt32().ShouldBe(3);
        row.GetProperty("max_age").GetInt64().ShouldBe(TimeSpan.FromDays(7).Ticks * 100);
        row.GetProperty("max_msg_size").GetInt32().ShouldBe(1024 * 1024);
        row.GetProperty("duplicate_window").GetInt64().ShouldBe(TimeSpan.FromMinutes(10).Ticks * 100);
        var status = await WellAsync(nodes: 3);
        foreach (var name in new[] { "TICKET_COMMANDS", "TICKET_EVENTS", "TICKET_DLQ", "ticket-workers", "notifier" })
        {
            status.ShouldContain(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cluster.DisposeAsync();
    }

    // A node that has just come back takes a moment to catch up.
    private async Task<string> WellAsync(int nodes)
    {
        var (_, output) = await Eventually.Async(() => _cluster.RunAsync("status"), status => status.ExitCode == 0, Limit, "all is well");
        for (var node = 1; node <= nodes; node++)
        {
            output.ShouldContain($"nats-motadata-{node} ");
        }

        output.ShouldContain($"{nodes} nodes known");
        return output;
    }
}
