using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Scenarios;

/// <summary>What is set once for all endpoints of a broker, and what one endpoint says otherwise.</summary>
public sealed class Defaults : IAsyncLifetime
{
    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync();

    [Fact]
    public async Task consumers_are_like_the_defaults_unless_their_listener_says_otherwise()
    {
        using var host = await QuietHost.StartAsync(_server.Url, (options, nats) =>
        {
            nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders.>")).UseJetStream(defaults =>
            {
                defaults.AckWait = TimeSpan.FromSeconds(5);
                defaults.DeliverPolicy = ConsumerConfigDeliverPolicy.New;
            });
            options.ListenToNatsSubject("orders.a").UseJetStream("ORDERS", "like-all");
            options.ListenToNatsSubject("orders.b").UseJetStream("ORDERS", "other", consumer => consumer.AckWait = TimeSpan.FromSeconds(9))
                .DeliverFrom(ConsumerConfigDeliverPolicy.Last);
        });

        var (likeAll, other) = (await ConsumerAsync("like-all"), await ConsumerAsync("other"));

        (likeAll.AckWait, likeAll.DeliverPolicy).ShouldBe((TimeSpan.FromSeconds(5), ConsumerConfigDeliverPolicy.New));
        (other.AckWait, other.DeliverPolicy).ShouldBe((TimeSpan.FromSeconds(9), ConsumerConfigDeliverPolicy.Last));
    }

    [Fact]
    public async Task listeners_without_a_queue_group_join_the_default_one()
    {
        using var first = await StartAsync("first");
        using var second = await StartAsync("second");
        await using var stranger = _server.Connect();
        var (shared, last) = (Order.New(), Order.New());

        await stranger.PublishAsync("orders", $$"""{"id":"{{shared.Id}}"}""");
        await stranger.PublishAsync("orders.last.first", $$"""{"id":"{{last.Id}}"}""");
        await stranger.PublishAsync("orders.last.second", $$"""{"id":"{{last.Id}}"}""");

        await Received.WaitAsync(last.Id, times: 2);
        Received.Of(shared.Id).ShouldHaveSingleItem();

        Task<IHost> StartAsync(string name) => QuietHost.StartAsync(
            _server.Url,
            (options, _) =>
            {
                options.NatsTransport().Configuration.DefaultQueueGroup = "workers";
                options.ListenToNatsSubject("orders").DefaultIncomingMessage<Order>();
                options.ListenToNatsSubject($"orders.last.{name}").DefaultIncomingMessage<Order>();
            },
            typeof(OrderHandler));
    }

    [Theory]
    [InlineData(true, "eu.orders")]
    [InlineData(false, "eu/orders")]
    public async Task slashes_in_subjects_are_dots_unless_they_are_to_be_kept(bool normalize, string subject)
    {
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, _) =>
            {
                options.NatsTransport().Configuration.NormalizeSubjects = normalize;
                options.PublishMessage<Order>().ToNatsSubject("eu/orders").SendInline();
                options.PublishMessage<Asked>().ToNatsSubject("any").ToSubject(_ => "eu/orders").SendInline();
                options.ListenToNatsSubject("eu/orders");
            },
            typeof(OrderHandler));
        await using var wire = await Wire.TapAsync(_server, subject);
        var order = Order.New();

        await host.Bus().PublishAsync(order);
        await host.Bus().PublishAsync(new Asked(order.Id));

        await Received.WaitAsync(order.Id);
        await wire.SomeAsync(2);
    }

    [Fact]
    public async Task without_jetstream_nothing_is_made_on_the_server()
    {
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("ORDERS", "orders");
                options.NatsTransport().Configuration.EnableJetStream = false;
                options.PublishMessage<Order>().ToNatsSubject("orders");
                options.ListenToNatsSubject("orders");
            },
            typeof(OrderHandler));
        var order = Order.New();

        await host.Bus().PublishAsync(order);

        await Received.WaitAsync(order.Id);
        await using var connection = _server.Connect();
        (await new NatsJSContext(connection).GetAccountInfoAsync()).Streams.ShouldBe(0);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<ConsumerConfig> ConsumerAsync(string name)
    {
        await using var connection = _server.Connect();
        return (await new NatsJSContext(connection).GetConsumerAsync("ORDERS", name)).Info.Config;
    }
}
