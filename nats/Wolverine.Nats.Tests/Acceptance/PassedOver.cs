using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Receiving;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class PassedOver
{
    // Found by an hour of faults on three nodes of 2.9: a node with an old copy of the stream became its leader, and 248 accepted
    // commands got numbers that the consumer had seen.
    [Fact]
    public async Task messages_that_a_consumer_has_passed_over_are_delivered_all_the_same()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        using var copy = new TemporaryFolder();
        await HandleAsync(orders, 2);
        await orders.Server.StopAsync();
        Copy(MessagesOf(orders.Server), copy.File("msgs"));
        await orders.Server.RestartAsync();
        await HandleAsync(orders, 10);
        await orders.Server.StopAsync();
        Directory.Delete(MessagesOf(orders.Server), recursive: true);
        Copy(copy.File("msgs"), MessagesOf(orders.Server));
        await orders.Server.RestartAsync();

        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it is well");
        var order = await orders.PlaceAsync();

        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(10, 0, 5, 15, false)]
    [InlineData(10, 3, 5, 12, false)]
    [InlineData(10, 3, 3, 10, false)]
    [InlineData(10, 0, 1, 10, true)]
    [InlineData(10, 3, 4, 10, true)]
    [InlineData(56400, 0, 248, 56393, true)]
    [InlineData(12, 0, 0, 9, true)]
    public void it_is_certain_only_when_more_is_left_than_can_be_on_its_way(ulong delivered, int pending, long messages, ulong last, bool passedOver)
    {
        // The first three are as in life: more messages behind the delivered ones, some being handled.
        var consumer = ConsumerOf(new SequenceInfo { StreamSeq = delivered }, pending);

        PassedOverMessages.Exist(consumer, consumer, StreamOf(messages, last), messages).ShouldBe(passedOver);
    }

    // In a cluster what is acknowledged leaves its stream when the nodes have agreed, and what the consumer says of it at once.
    [Fact]
    public void what_was_acknowledged_a_moment_ago_is_on_its_way_out_of_a_cluster()
    {
        var before = ConsumerOf(new SequenceInfo { StreamSeq = 90 }, pending: 0);
        var now = ConsumerOf(new SequenceInfo { StreamSeq = 100 }, pending: 0);
        var leaving = StreamOf(messages: 5, last: 100);

        PassedOverMessages.Exist(before: null, now, leaving, messages: 5).ShouldBeFalse();
        PassedOverMessages.Exist(before, now, leaving, messages: 5).ShouldBeFalse();
        PassedOverMessages.Exist(now, now, leaving, messages: 5).ShouldBeTrue("it would be gone by now");
        PassedOverMessages.Exist(before with { Created = DateTimeOffset.MaxValue }, now, leaving, messages: 11).ShouldBeFalse("it was another one");
    }

    [Theory]
    [InlineData(900, 899, false)]
    [InlineData(900, 900, true)]
    public void what_is_acknowledged_and_still_there_at_the_next_look_was_passed_over_however_much_comes(ulong first, ulong floor, bool passedOver)
    {
        var before = ConsumerOf(new SequenceInfo { StreamSeq = 1000 }, pending: 100) with { AckFloor = new SequenceInfo { StreamSeq = floor } };
        var now = ConsumerOf(new SequenceInfo { StreamSeq = 9000 }, pending: 100);
        var busy = StreamOf(messages: 200, last: 9050);
        busy.State.FirstSeq = first;

        PassedOverMessages.Exist(before, now, busy, messages: 200).ShouldBe(passedOver);
        PassedOverMessages.Exist(before, now, busy, messages: 199).ShouldBeFalse("one is for another consumer, perhaps the first");
    }

    [Theory]
    [InlineData("orders.>", null, 15L)]
    [InlineData("orders.placed", null, null)]
    [InlineData("orders.placed", 5L, 5L)]
    public void only_messages_that_are_for_the_consumer_count(string filter, long? told, long? count)
    {
        var stream = StreamOf(messages: 15, last: 15);
        stream.State.Subjects = told is { } number ? new Dictionary<string, long> { ["orders.placed"] = number } : null;

        PassedOverMessages.CountOf(filter, stream).ShouldBe(count);
    }

    // Found by the fault suite: NATS consumer leader killed, seed 400. Made again, the consumer was led by a node that had none of the 63
    // messages. It began behind them and had delivered nothing.
    [Theory]
    [InlineData(0, 63, false)]
    [InlineData(62, 63, false)]
    [InlineData(63, 63, true)]
    public void what_a_consumer_that_was_made_again_has_not_delivered_is_no_leftover(ulong deliveries, long messages, bool leftovers) =>
        PassedOverMessages.WereDelivered(ConsumerOf(new SequenceInfo { ConsumerSeq = deliveries, StreamSeq = 152 }, 0), messages).ShouldBe(leftovers);

    private static ConsumerInfo ConsumerOf(SequenceInfo delivered, int pending) => new()
    {
        StreamName = "ORDERS",
        Name = "order-workers",
        Config = new ConsumerConfig("order-workers"),
        Created = default,
        Delivered = delivered,
        AckFloor = new SequenceInfo(),
        NumAckPending = pending,
    };

    private static StreamInfo StreamOf(long messages, ulong last) => new()
    {
        Config = new StreamConfig("ORDERS", ["orders.>"]) { Retention = StreamConfigRetention.Workqueue },
        Created = default,
        State = new StreamState { Messages = messages, FirstSeq = last - (ulong)Math.Max(messages, 1) + 1, LastSeq = last, ConsumerCount = 1 },
    };

    private static string MessagesOf(NatsServer server) => Path.Combine(server.Store, "jetstream", "$G", "streams", OrdersOnJetStream.Stream, "msgs");

    private static async Task HandleAsync(OrdersOnJetStream orders, int count)
    {
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it is well");
        for (var i = 0; i < count; i++)
        {
            await Received.WaitAsync((await orders.PlaceAsync()).Id);
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
