using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Leases
{
    [Fact]
    public async Task many_more_than_are_asked_for_ahead_are_each_handled_once()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(listener => listener
            .MaximumParallelMessages(4)
            .UseJetStream(configure: consumer => (consumer.Prefetch, consumer.MaxAckPending, consumer.AckWait) = (16, 32, TimeSpan.FromSeconds(2))));

        var placed = await Task.WhenAll(Enumerable.Range(0, 1500).Select(_ => orders.PlaceAsync(milliseconds: 5)));

        foreach (var order in placed)
        {
            await Received.WaitAsync(order.Id);
        }

        var consumer = await orders.OnJetStreamAsync(async jetStream => await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer));
        placed.ShouldAllBe(order => Received.Of(order.Id).Count == 1);
        consumer.Info.Delivered.ConsumerSeq.ShouldBe((ulong)placed.Length);
    }

    [Fact]
    public async Task a_handler_that_hangs_does_not_keep_its_message_for_ever()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(listener => listener.UseJetStream(
            configure: consumer => (consumer.AckWait, consumer.MaximumLease) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2))));

        var order = await orders.PlaceAsync(milliseconds: 5000);

        await NatsServers.Eventually.Async(
            () => orders.OnJetStreamAsync(async jetStream =>
                (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer)).Info.Delivered.ConsumerSeq),
            deliveries => deliveries > 1,
            OrdersOnJetStream.Recovery,
            "it is delivered to another");
        Received.Of(order.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_inline_handler_that_hangs_does_not_keep_its_message_for_ever()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(listener => listener.ProcessInline().UseJetStream(
            configure: consumer => (consumer.AckWait, consumer.MaximumLease) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2))));

        var order = await orders.PlaceAsync(milliseconds: 8000);

        var again = await orders.OnJetStreamAsync(
            async jetStream => await (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer))
                .NextAsync<byte[]>(opts: new NATS.Client.JetStream.NatsJSNextOpts { Expires = OrdersOnJetStream.Recovery }));
        again.ShouldNotBeNull().Metadata!.Value.NumDelivered.ShouldBe(2ul);
        Received.Of(order.Id).ShouldBeEmpty();
    }
}
