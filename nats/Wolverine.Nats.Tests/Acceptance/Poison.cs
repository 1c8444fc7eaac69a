using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Util;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Poison
{
    private static readonly string OrderType = typeof(Order).ToMessageTypeName();

    [Theory]
    [InlineData(null, """{"Id":"x"}""", "no 'message-type' header")]
    [InlineData("nobody's", "{}", "Unknown message type")]
    [InlineData("order", "", "the body is not JSON")]
    [InlineData("order", "{\"Id\": ", "the body is not JSON")]
    [InlineData("order", """{"Id":"no guid"}""", "expected at $.Id")]
    public async Task what_can_not_be_read_is_dead_lettered_with_its_reason_and_holds_nothing_up(string? type, string body, string reason)
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        await PublishAsync(orders, type == "order" ? OrderType : type, body, "poison-1");
        var next = await orders.PlaceAsync();

        await Received.WaitAsync(next.Id);
        var dead = await DeadLettersAsync(orders, 1);
        dead[0].Header("Dlq-Reason")!.ShouldContain(reason);
        dead[0].Header("Dlq-Subject").ShouldBe(OrdersOnJetStream.Subject);
        dead[0].Header("Dlq-Msg-Id").ShouldBe("poison-1");
        dead[0].Header("Nats-Msg-Id")!.ShouldMatch(@"^dlq:ORDERS:1:order-workers:\d{18}$");
        (dead[0].Data ?? string.Empty).ShouldBe(body);
    }

    [Fact]
    public async Task what_a_consumer_delivers_without_its_body_is_handled_when_it_comes_with_it()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        await orders.OnJetStreamAsync(jetStream => SetHeadersOnlyAsync(jetStream, true));

        var order = await orders.PlaceAsync();

        await Received.WaitAsync(order.Id);
        (await orders.Server.ReadAsync(OrdersOnJetStream.DeadLetterStream)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_consumer_of_headers_alone_that_may_not_be_changed_is_unhealthy_and_loses_nothing()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        await orders.Host.ForbidProvisioningAsync();
        await orders.OnJetStreamAsync(jetStream => SetHeadersOnlyAsync(jetStream, true));

        var order = await orders.PlaceAsync();

        await Eventually.Async(
            orders.Host.HealthAsync, health => health.Description!.Contains("headers only is True", StringComparison.Ordinal), OrdersOnJetStream.Recovery, "it is unhealthy");
        await orders.OnJetStreamAsync(jetStream => SetHeadersOnlyAsync(jetStream, false));
        await Received.WaitAsync(order.Id);
        (await orders.Server.ReadAsync(OrdersOnJetStream.DeadLetterStream)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_publisher_that_says_itself_that_there_was_a_body_holds_nothing_up()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(
            OrdersOnJetStream.Subject, Array.Empty<byte>(), headers: new NatsHeaders { ["message-type"] = OrderType, ["content-type"] = "application/json", ["Nats-Msg-Size"] = "7" }));
        await Received.WaitAsync((await orders.PlaceAsync()).Id);

        (await DeadLettersAsync(orders, 1))[0].Header("Dlq-Reason")!.ShouldContain("the body is not JSON");
    }

    [Fact]
    public async Task a_delivery_without_its_body_is_given_back_twice_however_often_it_came_before()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(ShortLease);
        await orders.Host.StopAsync();
        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(
            OrdersOnJetStream.Subject, Array.Empty<byte>(), headers: new NatsHeaders { ["message-type"] = OrderType, ["Nats-Msg-Size"] = "7" }));
        await orders.OnJetStreamAsync(TakeAndGiveBackTwiceAsync);

        using var host = await OrdersOnJetStream.StartHostAsync(orders.Server.Url, ShortLease);

        (await DeadLettersAsync(orders, 1))[0].Header("Dlq-Deliveries").ShouldBe("5");
        await host.StopAsync();
    }

    [Fact]
    public async Task a_dead_letter_that_can_not_be_stored_waits_for_room()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => listener.DeadLetterTo("dead.orders"),
            nats => nats.DefineStream("DEAD", stream => stream.WithSubjects("dead.>").WithLimits(maxMessages: 1)));
        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync("dead.filler", "x"));

        await PublishAsync(orders, type: null, "poison", "poison-1");
        await Received.WaitAsync((await orders.PlaceAsync()).Id);
        (await orders.Server.ReadAsync("DEAD")).ShouldHaveSingleItem().Subject.ShouldBe("dead.filler");
        await orders.OnJetStreamAsync(async jetStream => await jetStream.PurgeStreamAsync("DEAD", new StreamPurgeRequest()));

        (await DeadLettersAsync(orders, 1, "DEAD"))[0].Data.ShouldBe("poison");
        await Eventually.Async(
            () => orders.OnJetStreamAsync(async jetStream => (await jetStream.GetStreamAsync(OrdersOnJetStream.Stream)).Info.State.Messages),
            left => left == 0,
            OrdersOnJetStream.Recovery,
            "it leaves the queue");
    }

    [Fact]
    public async Task a_dead_letter_that_is_too_large_for_its_stream_goes_without_the_largest_headers()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => listener.DeadLetterTo("dead.orders"),
            nats => nats.DefineStream("DEAD", stream => stream.WithSubjects("dead.>").MaxMessageSize = 4096));

        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(
            OrdersOnJetStream.Subject, "poison", headers: new NatsHeaders { ["color"] = "green", ["note"] = new string('a', 5000) }));

        var dead = (await DeadLettersAsync(orders, 1, "DEAD"))[0];
        (dead.Data, dead.Header("color"), dead.Header("note"), dead.Header("Dlq-Dropped-Headers")).ShouldBe(("poison", "green", null, "note"));
    }

    [Theory]
    [InlineData("orders.*")]
    [InlineData("orders.a\u00a0b")]
    [InlineData("orders.", 4000)]
    public async Task what_came_on_a_subject_that_is_not_published_to_is_dead_lettered(string subject, int length = 0)
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        subject = subject.PadRight(length, 'a');

        await using (var stranger = orders.Server.Connect())
        {
            await stranger.PublishAsync(subject, "poison");
            await stranger.PingAsync();
        }

        (await DeadLettersAsync(orders, 1)).ShouldHaveSingleItem().Data.ShouldBe("poison");
        await Received.WaitAsync((await orders.PlaceAsync()).Id);
        orders.Server.Log.ShouldNotContain("control line", Case.Insensitive);
    }

    [Fact]
    public async Task what_was_delivered_too_often_is_dead_lettered_before_it_is_handled()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(TwoDeliveries);
        await orders.Host.StopAsync();
        var order = Order.New();
        await PublishAsync(orders, OrderType, $$"""{"Id":"{{order.Id}}"}""", "crash-1");
        await orders.OnJetStreamAsync(TakeAndGiveBackTwiceAsync);

        using var host = await OrdersOnJetStream.StartHostAsync(orders.Server.Url, TwoDeliveries);

        (await DeadLettersAsync(orders, 1))[0].Header("Dlq-Reason")!.ShouldContain("delivered 3 times");
        Received.Of(order.Id).ShouldBeEmpty();
        await host.StopAsync();
    }

    private static async Task<INatsJSConsumer> SetHeadersOnlyAsync(NatsJSContext jetStream, bool only)
    {
        var config = (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer)).Info.Config;
        config.HeadersOnly = only;
        return await jetStream.CreateOrUpdateConsumerAsync(OrdersOnJetStream.Stream, config);
    }

    private static void TwoDeliveries(NatsListenerConfiguration listener) => ShortLease(listener.ConfigureDeadLetterQueue(maxDeliveryAttempts: 2));

    private static void ShortLease(NatsListenerConfiguration listener) => listener.UseJetStream(configure: consumer => consumer.AckWait = TimeSpan.FromSeconds(2));

    private static async Task<bool> TakeAndGiveBackTwiceAsync(NatsJSContext jetStream)
    {
        var consumer = await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer);
        for (var delivery = 0; delivery < 2; delivery++)
        {
            var message = await consumer.NextAsync<byte[]>();
            await message!.NakAsync();
        }

        return true;
    }

    private static Task PublishAsync(OrdersOnJetStream orders, string? type, string body, string id) => orders.OnJetStreamAsync(async jetStream =>
    {
        var headers = type is null ? null : new NatsHeaders { ["message-type"] = type, ["content-type"] = "application/json" };
        var ack = await jetStream.PublishAsync(
            OrdersOnJetStream.Subject, Encoding.UTF8.GetBytes(body), opts: new NatsJSPubOpts { MsgId = id }, headers: headers);
        ack.EnsureSuccess();
        return ack;
    });

    private static async Task<IReadOnlyList<NatsMsg<string>>> DeadLettersAsync(
        OrdersOnJetStream orders, int count, string stream = OrdersOnJetStream.DeadLetterStream) => await Eventually.Async(
        () => orders.Server.ReadAsync(stream), dead => dead.Count == count, TimeSpan.FromSeconds(15), "it is dead-lettered once");
}
