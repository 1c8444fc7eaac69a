using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Transports;

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
        using var host = await PublisherAsync(server);

        await using var connection = server.Connect();
        await new NATS.Client.JetStream.NatsJSContext(connection).DeleteStreamAsync("ORDERS");

        var health = await host.HealthAsync();
        health.Status.ShouldBe(HealthStatus.Unhealthy);
        health.Description!.ShouldBe($"nats at 127.0.0.1:{server.Port}, stream ORDERS: stream not found");
    }

    [Fact]
    public async Task a_missing_stream_that_messages_flow_without_is_named_and_does_not_make_it_unhealthy()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => listener.DeadLetterTo((subject, _) => $"letters.{subject}"), nats => nats.DefineStream("LETTERS", stream => stream.WithSubjects("letters.>")));
        await orders.OnJetStreamAsync(async jetStream => await jetStream.DeleteStreamAsync("LETTERS"));

        var health = await Eventually.Async(orders.Host.HealthAsync, found => found.Status != HealthStatus.Healthy, OrdersOnJetStream.Recovery, "the health tells of it");

        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description.ShouldBe($"nats at 127.0.0.1:{orders.Server.Port}, stream LETTERS: stream not found");
    }

    [Fact]
    public async Task the_lost_server_of_a_tenant_is_named()
    {
        await using var server = await NatsServer.StartAsync();
        await using var own = await NatsServer.StartAsync();
        using var host = await PublisherAsync(server, nats => nats.AddTenant("acme", settings => settings.ConnectionString = own.Url));
        (await host.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        await own.StopAsync();

        var health = await Eventually.Async(host.HealthAsync, found => found.Status == HealthStatus.Unhealthy, OrdersOnJetStream.Recovery, "the health tells of it");
        health.Description.ShouldBe($"nats at 127.0.0.1:{own.Port}, tenant acme: not connected");
    }

    [Fact]
    public async Task the_missing_stream_of_a_tenant_is_named()
    {
        await using var server = await NatsServer.StartAsync();
        await using var own = await NatsServer.StartAsync();
        using var host = await PublisherAsync(server, nats => nats.AddTenant("acme", settings => settings.ConnectionString = own.Url));
        await using var connection = own.Connect();
        await new NATS.Client.JetStream.NatsJSContext(connection).DeleteStreamAsync("ORDERS");

        (await host.HealthAsync()).Description.ShouldBe($"nats at 127.0.0.1:{own.Port}, tenant acme, stream ORDERS: stream not found");
    }

    [Fact]
    public async Task the_listener_of_a_tenant_that_does_not_receive_is_named_while_that_of_the_others_does()
    {
        await using var server = await NatsServer.StartAsync();
        await using var own = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.AddTenant("acme", settings => settings.ConnectionString = own.Url);
                options.PublishMessage<Order>().ToNatsSubject("orders");
                options.ListenToNatsSubject("orders").UseJetStream("ORDERS", "workers");
            },
            typeof(OrderHandler));
        await host.ForbidProvisioningAsync();
        await using var connection = own.Connect();
        await new NATS.Client.JetStream.NatsJSContext(connection).DeleteConsumerAsync("ORDERS", "workers");

        await Eventually.Async(host.HealthAsync, IsNamed, OrdersOnJetStream.Recovery, "the health names it");
        var order = Order.New();
        await host.Bus().PublishAsync(order);
        await Received.WaitAsync(order.Id);

        IsNamed(await host.HealthAsync()).ShouldBeTrue();

        static bool IsNamed(HealthCheckResult health) =>
            health.Description?.Contains("(ORDERS/workers of tenant acme): 'ORDERS/workers' differs", StringComparison.Ordinal) ?? false;
    }

    [Fact]
    public async Task wolverines_own_check_of_its_transports_tells_the_same()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await PublisherAsync(server);
        var check = ((ITransport)host.Nats()).BuildHealthCheck(host.Runtime())!;
        (await check.CheckHealthAsync()).Status.ShouldBe(TransportHealthStatus.Healthy);
        await using var connection = server.Connect();
        await new NATS.Client.JetStream.NatsJSContext(connection).DeleteStreamAsync("ORDERS");

        var result = await Eventually.Async(
            () => check.CheckHealthAsync(), found => found.Status == TransportHealthStatus.Unhealthy, OrdersOnJetStream.Recovery, "it tells of it");

        (result.Protocol, result.Message).ShouldBe(("nats", $"nats at 127.0.0.1:{server.Port}, stream ORDERS: stream not found"));
    }

    [Fact]
    public async Task probes_share_a_question_and_its_answer_for_a_second()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await PublisherAsync(server);
        await using var connection = server.Connect();
        await using var questions = await connection.SubscribeCoreAsync<string>("$JS.API.STREAM.INFO.ORDERS");
        await connection.PingAsync();

        var clock = Stopwatch.StartNew();
        (await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.IsHealthyAsync()))).ShouldAllBe(healthy => healthy);
        foreach (var _ in Enumerable.Range(0, 50))
        {
            (await host.IsHealthyAsync()).ShouldBeTrue();
        }

        var most = 1 + (int)clock.Elapsed.TotalSeconds;
        await connection.PingAsync();
        questions.Msgs.Count.ShouldBeInRange(1, most);
        await new NATS.Client.JetStream.NatsJSContext(connection).DeleteStreamAsync("ORDERS");
        await Eventually.Async(host.IsHealthyAsync, healthy => !healthy, TimeSpan.FromSeconds(5), "no answer holds for longer");
    }

    private static Task<IHost> PublisherAsync(NatsServer server, Action<NatsTransportExpression>? more = null) => QuietHost.StartAsync(server.Url, (options, nats) =>
    {
        nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders"));
        options.PublishMessage<Order>().ToNatsSubject("orders");
        more?.Invoke(nats);
    });

    private static async Task<string> FaultsAsync(OrdersOnJetStream orders, string fault) => (await Eventually.Async(
        orders.Host.HealthAsync,
        health => health.Status == HealthStatus.Unhealthy && health.Description!.Contains(fault, StringComparison.Ordinal),
        OrdersOnJetStream.Recovery,
        $"the health says {fault}")).Description!;
}
