using Microsoft.Extensions.Diagnostics.HealthChecks;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Whoever reads the health learns what is wrong and where.</summary>
public sealed class Health
{
    [Fact]
    public async Task a_lost_server_is_named()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        (await orders.Host.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        await orders.Server.StopAsync();

        (await FaultsAsync(orders, "not connected")).ShouldContain($"nats at 127.0.0.1:{orders.Server.Port}: not connected");
        await orders.Server.RestartAsync();
    }

    [Fact]
    public async Task a_missing_stream_is_named()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders"));
            options.PublishMessage<Order>().ToNatsSubject("orders");
        });

        await using var connection = server.Connect();
        await new NATS.Client.JetStream.NatsJSContext(connection).DeleteStreamAsync("ORDERS");

        var health = await host.HealthAsync();
        health.Status.ShouldBe(HealthStatus.Unhealthy);
        health.Description!.ShouldBe($"nats at 127.0.0.1:{server.Port}, stream ORDERS: stream not found");
    }

    private static async Task<string> FaultsAsync(OrdersOnJetStream orders, string fault) => (await Eventually.Async(
        orders.Host.HealthAsync,
        health => health.Status == HealthStatus.Unhealthy && health.Description!.Contains(fault, StringComparison.Ordinal),
        OrdersOnJetStream.Recovery,
        $"the health says {fault}")).Description!;
}
