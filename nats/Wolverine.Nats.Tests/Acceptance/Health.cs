using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
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

    private static Task<IHost> PublisherAsync(NatsServer server) => QuietHost.StartAsync(server.Url, (options, nats) =>
    {
        nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders"));
        options.PublishMessage<Order>().ToNatsSubject("orders");
    });

    private static async Task<string> FaultsAsync(OrdersOnJetStream orders, string fault) => (await Eventually.Async(
        orders.Host.HealthAsync,
        health => health.Status == HealthStatus.Unhealthy && health.Description!.Contains(fault, StringComparison.Ordinal),
        OrdersOnJetStream.Recovery,
        $"the health says {fault}")).Description!;
}
