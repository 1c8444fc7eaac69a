using System.Diagnostics;
using NATS.Client.Core;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Postgresql;
using Wolverine.Util;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>As many deliveries as a process may hold at once: none is held for good, and none waits without a place.</summary>
public sealed class Places
{
    private static readonly TimeSpan AckWait = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task what_waits_for_a_place_waits_in_its_stream_and_is_no_fault()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(listener => Limit(listener, places: 2));
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it is well");

        var placed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => orders.PlaceAsync(milliseconds: 2500)));

        var wasWell = true;
        await Eventually.Async(
            async () =>
            {
                wasWell &= await orders.Host.IsHealthyAsync();
                return placed.Count(order => Received.Of(order.Id).Count > 0);
            },
            handled => handled == placed.Length,
            TimeSpan.FromSeconds(25),
            "all are handled");
        (await DeliveriesAsync(orders)).ShouldBe((ulong)placed.Length);
        wasWell.ShouldBeTrue();
    }

    [Fact]
    public async Task a_ping_of_Wolverine_takes_none_for_good()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(listener => Limit(listener, places: 1));

        await PublishAsync(orders, new NatsHeaders { ["message-type"] = Envelope.PingMessageType });
        await PublishAsync(orders, new NatsHeaders { ["message-type"] = Envelope.PingMessageType });

        await Received.WaitAsync((await orders.PlaceAsync()).Id);
        await QueueIsEmptyAsync(orders);
    }

    [Fact]
    public async Task what_has_expired_takes_none_for_good_where_there_is_a_durable_inbox()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync();
        await using var connection = server.Connect();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                options.PersistMessagesWithPostgresql(database.ConnectionString, "places");
                nats.DefineWorkQueueStream("ORDERS", "orders");
                options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
                options.ListenToNatsSubject("orders").UseDurableInbox().UseJetStream("ORDERS", configure: consumer => consumer.MaxInFlight = 1);
            },
            typeof(OrderHandler));

        var expired = new NatsHeaders
        {
            ["message-type"] = typeof(Order).ToMessageTypeName(),
            ["deliver-by"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("O"),
        };
        await connection.PublishAsync("orders", "{}", headers: expired);
        await connection.PingAsync();
        var order = Order.New();
        await host.Bus().PublishAsync(order);

        await Received.WaitAsync(order.Id);
        await Eventually.Async(() => server.ReadAsync("ORDERS"), left => left.Count == 0, OrdersOnJetStream.Recovery, "all are settled");
        await host.StopAsync();
    }

    [Fact]
    public async Task what_lost_its_lease_before_its_turn_takes_none_for_good()
    {
        const int places = 3;
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => Limit(listener.MaximumParallelMessages(1), places),
            nats => nats.ConfigureTimeouts(connectTimeout: TimeSpan.FromSeconds(2), requestTimeout: TimeSpan.FromSeconds(1)));
        Order[] first = [await orders.PlaceAsync(milliseconds: 7000), await orders.PlaceAsync(), await orders.PlaceAsync()];
        await TakenAsync(orders, places);

        await orders.Server.StopAsync();
        var clock = Stopwatch.StartNew();
        await Eventually.Async(() => clock.Elapsed > AckWait * 2.5, AckWait * 5, "the leases are lost");
        await orders.Server.RestartAsync();
        foreach (var order in first)
        {
            await Received.WaitAsync(order.Id, TimeSpan.FromSeconds(30));
        }

        await QueueIsEmptyAsync(orders);
        first[1..].ShouldAllBe(order => Received.Of(order.Id).Count == 1);
        await Task.WhenAll(Enumerable.Range(0, places).Select(_ => orders.PlaceAsync(milliseconds: 2000)));
        await TakenAsync(orders, places);
    }

    private static void Limit(NatsListenerConfiguration listener, int places) =>
        listener.UseJetStream(configure: consumer => (consumer.MaxInFlight, consumer.AckWait) = (places, AckWait));

    private static Task PublishAsync(OrdersOnJetStream orders, NatsHeaders headers) =>
        orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(OrdersOnJetStream.Subject, "{}", headers: headers));

    private static Task TakenAsync(OrdersOnJetStream orders, int count) => Eventually.Async(
        () => orders.OnJetStreamAsync(async jetStream => (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer)).Info.NumAckPending),
        taken => taken == count,
        OrdersOnJetStream.Recovery,
        $"it has taken {count}");

    private static Task<ulong> DeliveriesAsync(OrdersOnJetStream orders) => orders.OnJetStreamAsync(
        async jetStream => (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer)).Info.Delivered.ConsumerSeq);

    private static Task QueueIsEmptyAsync(OrdersOnJetStream orders) => Eventually.Async(
        () => orders.OnJetStreamAsync(async jetStream => (await jetStream.GetStreamAsync(OrdersOnJetStream.Stream)).Info.State.Messages),
        left => left == 0,
        TimeSpan.FromSeconds(15),
        "everything is settled");
}
