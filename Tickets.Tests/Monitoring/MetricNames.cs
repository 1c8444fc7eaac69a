using System.Net;
using System.Text.RegularExpressions;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Cluster;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Monitoring;

/// <summary>What alerts and dashboard ask for is what a running service tells, once each kind of event has happened.</summary>
public sealed partial class MetricNames : IAsyncLifetime
{
    private const string Tenant = "metrics";
    private const string Ticket = """{"title": "It is critical", "created_by": "ada"}""";
    private const int AtOnce = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private LocalCluster _cluster = null!;
    private NatsConnection _nats = null!;
    private TicketService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await LocalCluster.StartAsync();
        _nats = new NatsConnection(NatsOpts.Default with { Url = _cluster.Url });
        _service = TicketService.NotStarted(_cluster.Url, ("NATS_MONITOR_URLS", _cluster.MonitorUrls), ("MAX_WRITES_IN_FLIGHT", "1"));
        (await _service.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);

        // A first delivery that comes to nothing, so that the service gets the second one.
        await PublishAsync(Ticket);
        var consumer = await new NatsJSContext(_nats).GetConsumerAsync("TICKET_COMMANDS", "ticket-workers");
        await (await consumer.NextAsync<string>())!.NakAsync(new AckOpts { DoubleAck = true });
        await _service.StartAgainAsync();
    }

    [Fact]
    public async Task every_metric_that_is_asked_for_is_told()
    {
        await HappenAsync();
        string[] asked = [.. AlertRule.All.Select(rule => rule.Expression).Concat(Dashboard.Queries.Select(query => query.Expression)).SelectMany(PromQl.MetricsOf).Distinct()];
        asked.Length.ShouldBeGreaterThan(25);

        // Prometheus makes these itself.
        string[] own = ["up", "ALERTS"];
        await Eventually.Async(
            async () => string.Join(' ', asked.Except(own).Except(await ToldAsync())), missing => missing.Length == 0, Limit, "all metrics are told");
    }

    [Fact]
    public async Task every_query_of_the_dashboard_finds_something()
    {
        await using var prometheus = await PrometheusServer.StartAsync(_service);
        await Eventually.Async(() => prometheus.QueryAsync("tickets_jetstream_up == 1"), series => series.Count > 0, Limit, "the service is seen");
        foreach (var (panel, expression) in Dashboard.Queries)
        {
            await Eventually.Async(
                async () =>
                {
                    await HappenAsync();
                    return (await prometheus.QueryAsync(expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal))).Count;
                },
                series => series > 0,
                Limit,
                $"{panel}: {expression}");
        }
    }

    [Fact]
    public async Task what_was_never_refused_is_told_as_nothing()
    {
        var metrics = await _service.Http.GetStringAsync("/metrics");

        foreach (var kind in (string[])["write", "read", "events"])
        {
            metrics.Split('\n').ShouldContain(line => line.StartsWith("tickets_requests_shed_total{", StringComparison.Ordinal)
                && line.Contains($"kind=\"{kind}\"", StringComparison.Ordinal) && line.Contains("} 0", StringComparison.Ordinal));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _nats.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    // Commands with their notifications, one that can't be handled, and requests of which all but one are refused.
    private async Task HappenAsync()
    {
        await PublishAsync(Ticket);
        await PublishAsync("{");

        // The place of the one before may be free only a moment after it was answered.
        await Eventually.Async(
            async () => (await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => _service.CreateAsync(Tenant, "It is critical")))).Select(answer => answer.StatusCode).ToArray(),
            statuses => statuses.Contains(HttpStatusCode.Created) && statuses.Contains(HttpStatusCode.ServiceUnavailable),
            Limit,
            "one is taken, and others are refused");
    }

    private async Task PublishAsync(string command) =>
        (await new NatsJSContext(_nats).PublishAsync($"ticket.commands.{Tenant}.create", command)).EnsureSuccess();

    private async Task<IReadOnlyCollection<string>> ToldAsync() =>
        [.. (await _service.Http.GetStringAsync("/metrics")).Split('\n').Select(line => Name().Match(line).Value).Distinct()];

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();
}
