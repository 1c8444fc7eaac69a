using System.Diagnostics;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Transports;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>NATS goes away while handlers have its deliveries, and comes back.</summary>
public sealed class Outages
{
    private static readonly TimeSpan AckWait = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Request = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task one_that_is_longer_than_a_request_may_take_ends_no_lease()
    {
        await using var orders = await StartAsync(listener => listener);
        var slow = await orders.PlaceAsync(milliseconds: (int)(AckWait.TotalMilliseconds * 1.75));

        await EndureOneAsync(orders);

        await Received.WaitAsync(slow.Id, AckWait * 2);
        (await DeliveriesAsync(orders)).ShouldBe(1ul);
    }

    [Fact]
    public async Task in_one_an_inline_handler_keeps_its_turn()
    {
        await using var orders = await StartAsync(listener => listener.ProcessInline());
        var slow = await orders.PlaceAsync(milliseconds: (int)(AckWait.TotalMilliseconds * 1.5));

        await EndureOneAsync(orders);

        var next = await orders.PlaceAsync();
        await Received.WaitAsync(next.Id, AckWait * 2);
        Received.Of(slow.Id).ShouldHaveSingleItem();
        (await DeliveriesAsync(orders)).ShouldBe(2ul);
    }

    [Fact]
    public async Task in_one_a_listener_that_handles_inline_can_be_stopped()
    {
        await using var orders = await StartAsync(listener => listener.ProcessInline());
        var order = await orders.PlaceAsync(milliseconds: 2000);
        await Eventually.Async(() => ConsumerAsync(orders), consumer => consumer.Info.NumAckPending == 1, OrdersOnJetStream.Recovery, "it is being handled");

        await orders.Server.StopAsync();
        await Received.WaitAsync(order.Id);
        var clock = Stopwatch.StartNew();
        await Eventually.Async(() => clock.Elapsed > Request * 2, OrdersOnJetStream.Recovery, "its acknowledgement is given up");

        var fault = await Record.ExceptionAsync(() => orders.Host.Listener().StopAndDrainAsync().AsTask().WaitAsync(OrdersOnJetStream.Recovery));
        await orders.Server.RestartAsync();
        fault.ShouldBeNull();
    }

    [Fact]
    public async Task in_one_a_listener_that_was_paused_begins_again_and_receives_when_it_is_over()
    {
        await using var orders = await StartAsync(listener => listener);

        await orders.Host.Listener().PauseAsync(TimeSpan.FromSeconds(1));
        await orders.Server.StopAsync();
        await Eventually.Async(() => orders.Host.Listener().Status == ListeningStatus.Accepting, OrdersOnJetStream.Recovery, "it begins again");
        (await orders.Host.IsHealthyAsync()).ShouldBeFalse();
        await orders.Server.RestartAsync();

        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it is well");
        await Received.WaitAsync((await orders.PlaceAsync()).Id);
    }

    private static Task<OrdersOnJetStream> StartAsync(Func<NatsListenerConfiguration, NatsListenerConfiguration> process) => OrdersOnJetStream.StartAsync(
        listener => process(listener).UseJetStream(configure: consumer => consumer.AckWait = AckWait),
        nats => nats.ConfigureTimeouts(connectTimeout: TimeSpan.FromSeconds(2), requestTimeout: Request));

    // Leases are renewed when half of them is over, which is in the middle of it.
    private static async Task EndureOneAsync(OrdersOnJetStream orders)
    {
        var clock = Stopwatch.StartNew();
        await Eventually.Async(() => ConsumerAsync(orders), consumer => consumer.Info.NumAckPending == 1, OrdersOnJetStream.Recovery, "it is being handled");
        await orders.Server.StopAsync();
        await Eventually.Async(() => clock.Elapsed > (AckWait / 2) + Request + TimeSpan.FromMilliseconds(500), AckWait, "a renewal is given up");
        await orders.Server.RestartAsync();
        await Eventually.Async(() => orders.Host.Nats().IsConnected, OrdersOnJetStream.Recovery, "it has connected again");
    }

    private static async Task<ulong> DeliveriesAsync(OrdersOnJetStream orders) => (await ConsumerAsync(orders)).Info.Delivered.ConsumerSeq;

    private static Task<INatsJSConsumer> ConsumerAsync(OrdersOnJetStream orders) =>
        orders.OnJetStreamAsync(async jetStream => await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer));
}
