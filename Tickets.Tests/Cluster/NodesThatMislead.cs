using NatsServers;
using Tickets.Api.Cluster;
using Tickets.Api.Composition;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Cluster;

/// <summary>Whatever the monitoring of a node answers, it is read as the state of that node and ends nothing.</summary>
public sealed class NodesThatMislead
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"server_name\":")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\nConnection: close\r\n\r\n{\"server_name\":1}")]
    [InlineData("nothing of HTTP\r\n\r\n")]
    public async Task an_answer_that_is_none_is_a_fault_of_that_node(string answer)
    {
        await using var server = new CannedServer(answer);
        using var reader = ReaderOf($"http://{server.Address}");

        var node = (await reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        node.Address.ShouldBe(server.Address);
        node.Fault.ShouldNotBeNull();
    }

    [Fact]
    public async Task a_service_that_knows_one_server_by_two_addresses_goes_on_when_its_metrics_are_collected()
    {
        var port = FreePort.Next();
        await using var nats = await NatsServer.StartAsync($"http: \"127.0.0.1:{port}\"");
        await using var service = await TicketService.StartAsync(nats, ("NATS_MONITOR_URLS", $"http://127.0.0.1:{port},http://localhost:{port}"));

        await Eventually.Async(
            async () => service.Process.HasExited ? $"it ended with {service.Process.ExitCode}" : await service.Http.GetStringAsync("/metrics"),
            metrics => metrics.StartsWith("it ended", StringComparison.Ordinal)
                || metrics.Split('\n').Count(line => line.StartsWith("tickets_node_up{", StringComparison.Ordinal) && line.Contains("} 1", StringComparison.Ordinal)) == 2,
            Limit,
            "both addresses are told");

        service.Process.HasExited.ShouldBeFalse(service.Output);
    }

    private static NodeReader ReaderOf(string monitors) => new(ServiceOptions.From(key => key == "NATS_MONITOR_URLS" ? monitors : null));
}
