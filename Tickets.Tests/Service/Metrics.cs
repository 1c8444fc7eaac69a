using System.Net;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class Metrics(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task no_series_is_made_for_each_tenant_or_process()
    {
        var tenant = RunningService.NewTenant();
        (await running.Service.CreateAsync(tenant, "Counted")).StatusCode.ShouldBe(HttpStatusCode.Created);

        var metrics = await Eventually.Async(
            () => running.Service.Http.GetStringAsync("/metrics"),
            metrics => metrics.Contains("wolverine_messages_received", StringComparison.Ordinal),
            Limit,
            "Wolverine's are told");

        metrics.ShouldNotContain(tenant);
        metrics.ShouldNotContain("_INBOX");
    }

    [Theory]
    [InlineData("http_server_request_duration_seconds_count")]
    [InlineData("wolverine_messages_received_Messages_total")]
    [InlineData("messaging_client_sent_messages_total")]
    [InlineData("dotnet_gc_collections_total")]
    [InlineData("tickets_commands_total")]
    [InlineData("tickets_outbox_age_seconds")]
    [InlineData("tickets_stream_messages")]
    [InlineData("tickets_consumer_pending")]
    [InlineData("tickets_health")]
    public async Task what_happens_is_counted_for_prometheus(string metric)
    {
        (await running.Service.CreateAsync(RunningService.NewTenant(), "Counted")).StatusCode.ShouldBe(HttpStatusCode.Created);

        await Eventually.Async(
            () => running.Service.Http.GetStringAsync("/metrics"),
            metrics => metrics.Split('\n').Any(line => line.StartsWith(metric, StringComparison.Ordinal)),
            Limit,
            $"{metric} is told");
    }
}
