using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Monitoring;

/// <summary>The alerts of the group <c>service</c>: what is wrong makes each fire, and what mends it ends it.</summary>
public sealed class ServiceAlerts
{
    private const string Tenant = "alerts";

    [Fact]
    public async Task a_database_that_is_away_and_a_process_that_is_stopped()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var database = await PostgreSqlServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("DATABASE_URL", database.UrlOf(await database.CreateDatabaseAsync())));
        await using var prometheus = await PrometheusServer.StartAsync(service);
        await prometheus.IsWellAsync();

        await using (new RepeatedRequests(() => service.GetAsync(Tenant, "/api/v1/tickets")))
        {
            await database.KillAsync();
            await prometheus.FiresAsync("ErrorRate");
            await prometheus.FiresAsync("ServiceNotReady");
            await prometheus.FiresAsync("ServiceInstanceNotReady", "check=database");

            await database.StartAgainAsync();
            await prometheus.ResolveAsync("ErrorRate", "ServiceNotReady", "ServiceInstanceNotReady");
        }

        await service.StopAsync();
        await prometheus.FiresAsync("ServiceDown");
        await prometheus.FiresAsync("ServiceInstanceDown", $"instance={PrometheusServer.AddressOf(service)}");
        await service.StartAgainAsync();
        await prometheus.ResolveAsync("ServiceDown", "ServiceInstanceDown");
    }

    [Fact]
    public async Task more_requests_than_are_taken()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("MAX_WRITES_IN_FLIGHT", "1"));
        await using var prometheus = await PrometheusServer.StartAsync(service);
        await prometheus.IsWellAsync();

        nats.Suspend();
        await using (new RepeatedRequests(() => service.CreateAsync(Tenant, "One waits, the other is refused")))
        {
            await prometheus.FiresAsync("RequestsShed", "kind=write");
            nats.Resume();
        }

        await prometheus.ResolveAsync("RequestsShed");
    }
}
