using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class Listening : IAsyncLifetime
{
    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync();

    [Fact]
    public async Task each_of_two_consumers_of_a_stream_gets_its_own_subject_alone()
    {
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("MAIL", "mail.>");
                options.PublishMessage<Order>().ToNatsSubject("mail.orders");
                options.PublishMessage<Asked>().ToNatsSubject("mail.asked");
                options.ListenToNatsSubject("mail.orders").UseJetStream("MAIL", "orders");
                options.ListenToNatsSubject("mail.asked").UseJetStream("MAIL", "asked");
            },
            typeof(OrderHandler),
            typeof(AskedHandler));
        var order = Order.New();

        await host.Bus().PublishAsync(order);

        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
        (await ConsumerAsync("MAIL", "orders")).Config.FilterSubject.ShouldBe("mail.orders");
        (await ConsumerAsync("MAIL", "asked")).Delivered.ConsumerSeq.ShouldBe(0ul);
    }

    [Theory]
    [InlineData(ConsumerConfigDeliverPolicy.New, 0)]
    [InlineData(ConsumerConfigDeliverPolicy.Last, 1)]
    [InlineData(ConsumerConfigDeliverPolicy.All, 2)]
    public async Task a_new_consumer_begins_where_it_is_told(ConsumerConfigDeliverPolicy policy, int earlier)
    {
        await using var connection = _server.Connect();
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(new StreamConfig("LOG", ["log"]));
        Order[] before = [Order.New(), Order.New()];
        foreach (var order in before)
        {
            await jetStream.PublishAsync("log", $$"""{"id":"{{order.Id}}"}""");
        }

        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, _) => options.ListenToNatsSubject("log").UseJetStream("LOG", "reader").DeliverFrom(policy).DefaultIncomingMessage<Order>(),
            typeof(OrderHandler));
        var after = Order.New();
        await jetStream.PublishAsync("log", $$"""{"id":"{{after.Id}}"}""");

        await Received.WaitAsync(after.Id);
        await Eventually.Async(
            () => before.Count(order => Received.Of(order.Id).Count == 1) == earlier, TimeSpan.FromSeconds(10), "the earlier ones are handled");
        (await ConsumerAsync("LOG", "reader")).Delivered.ConsumerSeq.ShouldBe((ulong)earlier + 1);
    }

    [Fact]
    public async Task a_queue_group_shares_the_messages_of_a_subject()
    {
        using var first = await StartAsync();
        using var second = await StartAsync();
        await using var stranger = _server.Connect();
        var orders = Enumerable.Range(0, 50).Select(_ => Order.New()).ToArray();

        foreach (var order in orders)
        {
            await stranger.PublishAsync("orders", $$"""{"id":"{{order.Id}}"}""");
        }

        foreach (var order in orders)
        {
            (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
        }

        Task<IHost> StartAsync() => QuietHost.StartAsync(
            _server.Url,
            (options, _) => options.ListenToNatsSubject("orders").UseQueueGroup("workers").DefaultIncomingMessage<Order>(),
            typeof(OrderHandler));
    }

    [Fact]
    public async Task settings_come_from_the_applications_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Wolverine:Nats:ConnectionString"] = _server.Url,
            ["Wolverine:Nats:ClientName"] = "configured",
            ["Wolverine:Nats:JetStreamDefaults:AckWait"] = "00:00:07",
            ["Wolverine:Nats:Streams:ORDERS:Subjects:0"] = "orders.>",
        }).Build();

        using var host = await QuietHost.StartAsync("nats://127.0.0.1:1", (options, _) => options.UseNats(configuration));

        host.Nats().Configuration.JetStreamDefaults.AckWait.ShouldBe(TimeSpan.FromSeconds(7));
        host.Nats().Connection.Opts.Name.ShouldBe("configured");
        (await _server.ReadAsync("ORDERS")).ShouldBeEmpty();
    }

    [Fact]
    public async Task constant_headers_and_names_are_set_on_endpoints()
    {
        using var host = await QuietHost.StartAsync(_server.Url, (options, _) =>
        {
            options.PublishToNatsSubject<Order>("orders").AddOutgoingHeader("x-source", "shop").SendInline().Named("outgoing");
            options.ListenToNatsSubject("others").Named("incoming");
        });
        await using var wire = await Wire.TapAsync(_server, "orders");

        await host.Bus().EndpointFor("outgoing").SendAsync(Order.New());

        (await wire.OneAsync()).Header("x-source").ShouldBe("shop");
        host.Nats().EndpointForSubject("others").EndpointName.ShouldBe("incoming");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<ConsumerInfo> ConsumerAsync(string stream, string consumer)
    {
        await using var connection = _server.Connect();
        return (await new NatsJSContext(connection).GetConsumerAsync(stream, consumer)).Info;
    }
}
