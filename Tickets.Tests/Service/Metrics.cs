using System.Net;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class Metrics(RunningService running) : IClassFixture<RunningService>
{
    [Theory]
    [InlineData("http_server_request_duration_seconds_count")]
    [InlineData("wolverine_messages_received_Messages_total")]
    [InlineData("messaging_client_sent_messages_total")]
    [InlineData("dotnet_gc_collections_total")]
    public async Task what_happens_is_counted_for_prometheus(string metric)
    {
        (await running.Service.CreateAsync(RunningService.NewTenant(), "Counted")).StatusCode.ShouldBe(HttpStatusCode.Created);

        var metrics = await running.Service.Http.GetStringAsync("/metrics");

        metrics.Split('\n').ShouldContain(line => line.StartsWith(metric, StringComparison.Ordinal));
    }
}
