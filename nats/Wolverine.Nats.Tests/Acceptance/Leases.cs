using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Util;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Leases
{
    private static readonly TimeSpan AckWait = TimeSpan.FromSeconds(2);

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

        await Eventually.Async(
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
        await Eventually.Async(
            () => orders.OnJetStreamAsync(async jetStream =>
                (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer)).Info.NumAckPending),
            pending => pending == 1,
            OrdersOnJetStream.Recovery,
            "the handler has it");

        var again = await orders.OnJetStreamAsync(
            async jetStream => await (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer))
                .NextAsync<byte[]>(opts: new NatsJSNextOpts { Expires = OrdersOnJetStream.Recovery }));
        again.ShouldNotBeNull().Metadata!.Value.NumDelivered.ShouldBe(2ul);
        Received.Of(order.Id).ShouldBeEmpty();
    }

    // Wolverine knows a message by its id alone: of two it would keep one, and neither when the other is done.
    [Theory]
    [InlineData(8000, 8000)]
    [InlineData(8000, 0)]
    [InlineData(2000, 8000)]
    public async Task two_messages_with_one_id_are_each_delivered_once(int first, int second)
    {
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => listener.UseJetStream(configure: consumer => consumer.AckWait = AckWait),
            nats => nats.DefineWorkQueueStream(OrdersOnJetStream.Stream, stream => stream.WithDeduplicationWindow(TimeSpan.FromMilliseconds(100)), "orders.>"));
        var id = Guid.NewGuid();
        await PublishAsync(orders, id, first);

        // The stream takes it for a repeat until its window is over.
        await Eventually.Async(
            async () =>
            {
                await PublishAsync(orders, id, second);
                return (await StreamAsync(orders)).LastSeq;
            },
            last => last == 2,
            OrdersOnJetStream.Recovery,
            "the stream has taken it twice");

        await Received.WaitAsync(id, TimeSpan.FromSeconds(25), times: 2);
        await Eventually.Async(
            () => StreamAsync(orders), stream => stream.Messages == 0, OrdersOnJetStream.Recovery, "everything is settled");
        (Received.Of(id).Count, await DeliveriesAsync(orders)).ShouldBe((2, 2ul));
    }

    // As one who is no application of Wolverine: those give each message an id of its own.
    private static Task<PubAckResponse> PublishAsync(OrdersOnJetStream orders, Guid id, int milliseconds) => orders.OnJetStreamAsync(async jetStream =>
        await jetStream.PublishAsync(
            OrdersOnJetStream.Subject,
            JsonSerializer.SerializeToUtf8Bytes(new Order(id, milliseconds)),
            opts: new NatsJSPubOpts { MsgId = id.ToString() },
            headers: new NatsHeaders { ["message-type"] = typeof(Order).ToMessageTypeName(), ["content-type"] = "application/json" }));

    private static Task<StreamState> StreamAsync(OrdersOnJetStream orders) =>
        orders.OnJetStreamAsync(async jetStream => (await jetStream.GetStreamAsync(OrdersOnJetStream.Stream)).Info.State);

    private static Task<ulong> DeliveriesAsync(OrdersOnJetStream orders) => orders.OnJetStreamAsync(
        async jetStream => (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer)).Info.Delivered.ConsumerSeq);
}
