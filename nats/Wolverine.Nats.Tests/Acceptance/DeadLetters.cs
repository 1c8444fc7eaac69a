using System.Diagnostics;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.ErrorHandling;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class DeadLetters
{
    [Fact]
    public async Task without_a_store_and_a_subject_they_go_to_a_stream_of_their_own()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        var ack = await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(OrdersOnJetStream.Subject, "poison"));

        ack.Error.ShouldBeNull();
        var dead = await KeptAsync(orders.Server, OrdersOnJetStream.DeadLetterStream, 1);
        dead[0].ShouldBe(("dlq.orders.placed", "poison"));
    }

    [Fact]
    public async Task one_that_stays_in_the_stream_of_its_message_is_no_repeat_of_it()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.DefineStream("ALL", stream => stream.WithSubjects("all.>"));
                options.OnAnyException().MoveToErrorQueue();
                options.PublishMessage<Fragile>().ToNatsSubject("all.fragile").SendInline();
                options.ListenToNatsSubject("all.fragile").UseJetStream("ALL", "workers").DeadLetterTo("all.dead");
            },
            typeof(FragileHandler));
        var fragile = Fragile.New(failures: 1);

        await host.Bus().PublishAsync(fragile);

        var kept = await KeptAsync(server, "ALL", 2);
        kept.Select(message => message.Subject).ShouldBe(["all.fragile", "all.dead"]);
        var ids = (await server.ReadAsync("ALL")).Select(message => message.Header("Nats-Msg-Id")).ToArray();
        ids[1].ShouldNotBe(ids[0]);
        await host.StopAsync();
    }

    [Fact]
    public async Task those_of_a_stream_that_was_made_again_are_no_repeats_of_earlier_ones()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(OrdersOnJetStream.Subject, "first"));
        await KeptAsync(orders.Server, OrdersOnJetStream.DeadLetterStream, 1);

        await orders.OnJetStreamAsync(async jetStream => await jetStream.DeleteStreamAsync(OrdersOnJetStream.Stream));
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => !healthy, OrdersOnJetStream.Recovery, "the health tells of it");
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it heals");
        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(OrdersOnJetStream.Subject, "second"));

        var dead = await KeptAsync(orders.Server, OrdersOnJetStream.DeadLetterStream, 2);
        dead.Select(letter => letter.Data).ShouldBe(["first", "second"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task when_their_stream_is_deleted_it_is_created_again(bool declared)
    {
        var stream = declared ? "LETTERS" : OrdersOnJetStream.DeadLetterStream;
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => _ = declared ? listener.DeadLetterTo((subject, _) => $"letters.{subject}") : listener,
            nats => _ = declared ? nats.DefineStream("LETTERS", letters => letters.WithSubjects("letters.>").MaxMessageSize = 1000) : nats);
        var made = await ConfigurationAsync(orders, stream);
        await orders.OnJetStreamAsync(async jetStream => await jetStream.DeleteStreamAsync(stream));

        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(OrdersOnJetStream.Subject, "poison"));

        await Eventually.Async(
            () => orders.OnJetStreamAsync(async jetStream => await jetStream.ListStreamNamesAsync().ContainsAsync(stream)),
            there => there,
            OrdersOnJetStream.Recovery,
            "it is made again");
        (await KeptAsync(orders.Server, stream, 1)).ShouldHaveSingleItem().Data.ShouldBe("poison");
        (await ConfigurationAsync(orders, stream)).ShouldBeEquivalentTo(made);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task one_whose_telling_takes_longer_than_a_lease_is_told_of_and_kept_once(bool buffered)
    {
        var ackWait = TimeSpan.FromSeconds(2);
        var told = 0;
        var heard = new TaskCompletionSource();
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => (buffered ? listener.BufferedInMemory() : listener)
                .UseJetStream(configure: consumer => consumer.AckWait = ackWait)
                .DeadLetterTo("dead.orders")
                .WhenDeadLettered((_, _) =>
                {
                    Interlocked.Increment(ref told);
                    return heard.Task;
                }),
            nats => nats.DefineStream("DEAD", stream => stream.WithSubjects("dead.>").WithDeduplicationWindow(TimeSpan.FromMilliseconds(100))));
        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(OrdersOnJetStream.Subject, "poison"));

        await Eventually.Async(() => Volatile.Read(ref told) == 1, OrdersOnJetStream.Recovery, "it is told of");
        var clock = Stopwatch.StartNew();
        await Eventually.Async(() => clock.Elapsed > ackWait * 3.5, ackWait * 5, "its lease would be over");
        heard.SetResult();

        await Eventually.Async(
            async () => (await orders.Server.ReadAsync(OrdersOnJetStream.Stream)).Count, left => left == 0, OrdersOnJetStream.Recovery, "it leaves the queue");
        var deliveries = await orders.OnJetStreamAsync(async jetStream =>
            (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer)).Info.Delivered.ConsumerSeq);
        (told, (await orders.Server.ReadAsync("DEAD")).Count, deliveries).ShouldBe((1, 1, 1ul));
    }

    [Fact]
    public async Task one_that_could_not_be_kept_has_the_reason_of_the_first_time_and_is_not_handled_again()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("WORK", "fragile");
                nats.DefineStream("DEAD", stream => stream.WithSubjects("dead.>").WithLimits(maxMessages: 1));
                options.OnAnyException().MoveToErrorQueue();
                options.PublishMessage<Fragile>().ToNatsSubject("fragile").SendInline();
                options.ListenToNatsSubject("fragile").UseJetStream("WORK", "workers").ConfigureDeadLetterQueue(maxDeliveryAttempts: 1, "dead.fragile");
            },
            typeof(FragileHandler));
        await jetStream.PublishAsync("dead.filler", "x");
        var fragile = Fragile.New(failures: 100);

        await host.Bus().PublishAsync(fragile);
        await Eventually.Async(
            async () => (await jetStream.GetConsumerAsync("WORK", "workers")).Info.Delivered.ConsumerSeq, deliveries => deliveries >= 2, TimeSpan.FromSeconds(15), "it comes again");
        await jetStream.PurgeStreamAsync("DEAD", new StreamPurgeRequest());

        var letter = (await Eventually.Async(() => server.ReadAsync("DEAD"), dead => dead.Count > 0, TimeSpan.FromSeconds(15), "it is kept")).ShouldHaveSingleItem();
        letter.Header("Dlq-Reason").ShouldBe("InvalidOperationException: too fragile");
        Received.Of(fragile.Id).Count.ShouldBe(1);
        await host.StopAsync();
    }

    [Fact]
    public async Task one_whose_telling_fails_is_told_of_again_and_kept_once()
    {
        var told = 0;
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => listener.DeadLetterTo("dead.orders").WhenDeadLettered((_, _) =>
                Interlocked.Increment(ref told) == 1 ? Task.FromException(new InvalidOperationException("nobody hears")) : Task.CompletedTask),
            nats => nats.DefineStream("DEAD", stream => stream.WithSubjects("dead.>").WithDeduplicationWindow(TimeSpan.FromMilliseconds(100))));

        await orders.OnJetStreamAsync(async jetStream => await jetStream.PublishAsync(OrdersOnJetStream.Subject, "poison"));

        await Eventually.Async(
            async () => (await orders.Server.ReadAsync(OrdersOnJetStream.Stream)).Count, left => left == 0, TimeSpan.FromSeconds(15), "it leaves the queue");
        (told, (await orders.Server.ReadAsync("DEAD")).Count).ShouldBe((2, 1));
    }

    private static Task<StreamConfig> ConfigurationAsync(OrdersOnJetStream orders, string stream) =>
        orders.OnJetStreamAsync(async jetStream => (await jetStream.GetStreamAsync(stream)).Info.Config);

    private static Task<(string Subject, string? Data)[]> KeptAsync(NatsServer server, string stream, int count) => Eventually.Async(
        async () => (await server.ReadAsync(stream)).Select(message => (message.Subject, message.Data)).ToArray(),
        found => found.Length >= count,
        OrdersOnJetStream.Recovery,
        $"{stream} keeps {count}");
}
