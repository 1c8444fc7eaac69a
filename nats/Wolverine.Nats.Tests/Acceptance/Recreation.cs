using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Consumers that are made again, and those that are left alone.</summary>
public sealed class Recreation : IAsyncLifetime
{
    private NatsServer _server = null!;
    private NatsConnection _connection = null!;

    private NatsJSContext JetStream => new(_connection);

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.StartAsync();
        _connection = _server.Connect();
    }

    [Fact]
    public async Task a_consumer_stays_when_its_stream_keeps_what_it_does_not_receive()
    {
        await using var questions = await _connection.SubscribeCoreAsync<string>("$JS.API.CONSUMER.>");
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("ORDERS", "orders.>");
                options.ListenToNatsSubject("orders.placed").UseJetStream("ORDERS", "placed");
            },
            typeof(OrderHandler));
        foreach (var _ in Enumerable.Range(0, 10))
        {
            await JetStream.PublishAsync("orders.created", "{}");
        }

        List<string> asked = [];
        await Eventually.Async(
            () =>
            {
                while (questions.Msgs.TryRead(out var question))
                {
                    asked.Add(question.Subject);
                }

                return asked.Count(subject => subject == "$JS.API.CONSUMER.INFO.ORDERS.placed") >= 6;
            },
            TimeSpan.FromSeconds(30),
            "it is looked at again and again");

        asked.ShouldNotContain("$JS.API.CONSUMER.DELETE.ORDERS.placed");
        await host.StopAsync();
    }

    [Fact]
    public async Task one_that_was_deleted_does_not_deliver_again_what_was_handled()
    {
        using var host = await StartAsync(listener => listener);
        Order[] handled = [Order.New(), Order.New(), Order.New()];
        foreach (var order in handled)
        {
            await host.Bus().PublishAsync(order);
            await Received.WaitAsync(order.Id);
        }

        await using (var questions = await _connection.SubscribeCoreAsync<string>("$JS.API.STREAM.INFO.LOG"))
        {
            await AckedAsync(handled.Length);
            await questions.Msgs.ReadAsync();
            await questions.Msgs.ReadAsync();
        }

        await JetStream.DeleteConsumerAsync("LOG", "reader");
        var next = Order.New();
        await host.Bus().PublishAsync(next);

        await Received.WaitAsync(next.Id);
        await AckedAsync(handled.Length + 1);
        handled.ShouldAllBe(order => Received.Of(order.Id).Count == 1);
        await host.StopAsync();
    }

    [Fact]
    public async Task one_that_was_deleted_passes_nothing_over_when_it_began_with_new_messages()
    {
        using var host = await StartAsync(
            listener => listener.DeliverFrom(ConsumerConfigDeliverPolicy.New).UseJetStream(configure: consumer => consumer.MaxInFlight = 1));
        Order[] orders = [Order.New(milliseconds: 3000), Order.New(), Order.New()];
        foreach (var order in orders)
        {
            await host.Bus().PublishAsync(order);
        }

        await Eventually.Async(async () => (await ConsumerAsync()).NumAckPending, taken => taken > 0, OrdersOnJetStream.Recovery, "one is being handled");
        await JetStream.DeleteConsumerAsync("LOG", "reader");

        foreach (var order in orders)
        {
            await Received.WaitAsync(order.Id);
        }

        await host.StopAsync();
    }

    [Fact]
    public async Task one_that_was_deleted_before_it_had_anything_to_do_leaves_what_was_there_before_it()
    {
        await JetStream.CreateStreamAsync(new StreamConfig("LOG", ["log"]) { Discard = StreamConfigDiscard.New });
        var earlier = Order.New();
        await JetStream.PublishAsync("log", $$"""{"Id":"{{earlier.Id}}"}""");
        using var host = await StartAsync(listener => listener.DeliverFrom(ConsumerConfigDeliverPolicy.New).DefaultIncomingMessage<Order>());

        await JetStream.DeleteConsumerAsync("LOG", "reader");
        await Eventually.Async(
            () => JetStream.ListConsumerNamesAsync("LOG").ToListAsync().AsTask(), names => names.Count == 1, OrdersOnJetStream.Recovery, "it is made again");
        var next = Order.New();
        await host.Bus().PublishAsync(next);

        await Received.WaitAsync(next.Id);
        await AckedAsync(2);
        Received.Of(earlier.Id).ShouldBeEmpty();
        await host.StopAsync();
    }

    [Fact]
    public async Task one_whose_stream_was_made_again_begins_with_its_first_message()
    {
        using var host = await StartAsync(listener => listener);
        foreach (var order in new[] { Order.New(), Order.New() })
        {
            await host.Bus().PublishAsync(order);
            await Received.WaitAsync(order.Id);
        }

        await AckedAsync(2);
        await JetStream.DeleteStreamAsync("LOG");
        await JetStream.CreateStreamAsync(new StreamConfig("LOG", ["log"]) { Discard = StreamConfigDiscard.New });
        var next = Order.New();
        await host.Bus().PublishAsync(next);

        await Received.WaitAsync(next.Id);
        await host.StopAsync();
    }

    // By its sequence the server would take it for the acknowledgement of another message.
    [Fact]
    public async Task what_was_being_handled_when_its_stream_was_deleted_is_not_acknowledged_in_the_next_one()
    {
        using var host = await StartAsync(listener => listener.MaximumParallelMessages(3));
        await using var settlements = await _connection.SubscribeCoreAsync<string>("$JS.ACK.LOG.reader.>");
        var (first, second) = (Order.New(milliseconds: 3000), Order.New());
        await host.Bus().PublishAsync(first);
        await Eventually.Async(async () => (await ConsumerAsync()).NumAckPending, taken => taken == 1, OrdersOnJetStream.Recovery, "it is being handled");
        await JetStream.DeleteStreamAsync("LOG");
        await JetStream.CreateStreamAsync(new StreamConfig("LOG", ["log"]) { Discard = StreamConfigDiscard.New });
        var itsSuccessor = Order.New(milliseconds: 8000);
        await host.Bus().PublishAsync(itsSuccessor);

        await Received.WaitAsync(first.Id);
        await host.Bus().PublishAsync(second);

        string settled;
        do
        {
            var settlement = await settlements.Msgs.ReadAsync();
            settled = settlement.Data == "+WPI" ? string.Empty : settlement.Subject.Split('.')[5];
        }
        while (settled.Length == 0);

        settled.ShouldBe("2");
        Received.Of(itsSuccessor.Id).ShouldBeEmpty();
        await host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    private Task<Microsoft.Extensions.Hosting.IHost> StartAsync(Func<NatsListenerConfiguration, NatsListenerConfiguration> configure) => QuietHost.StartAsync(
        _server.Url,
        (options, nats) =>
        {
            nats.DefineStream("LOG", stream => stream.WithSubjects("log"));
            options.PublishMessage<Order>().ToNatsSubject("log").SendInline();
            configure(options.ListenToNatsSubject("log").UseJetStream("LOG", "reader"));
        },
        typeof(OrderHandler));

    private async Task<ConsumerInfo> ConsumerAsync() => (await JetStream.GetConsumerAsync("LOG", "reader")).Info;

    private Task AckedAsync(int count) => Eventually.Async(
        async () => (await ConsumerAsync()).AckFloor.StreamSeq, floor => floor == (ulong)count, OrdersOnJetStream.Recovery, $"{count} are acknowledged");
}
