using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class SubjectsOfEachMessage : IAsyncLifetime
{
    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_message_is_published_to_the_subject_computed_from_it_or_to_the_topic_named(bool stream)
    {
        using var host = await QuietHost.StartAsync(_server.Url, (options, nats) =>
        {
            _ = stream ? nats.DefineStream("ORDERS", orders => orders.WithSubjects("orders.>")) : nats;
            options.PublishMessagesToNatsSubject<Order>(order => $"orders/{order.Id:N}").SendInline();
        });
        await using var wire = await Wire.TapAsync(_server, "orders.>");
        var order = Order.New();

        await host.Bus().PublishAsync(order);
        await host.Bus().BroadcastToTopicAsync("orders.all", Order.New());

        (await wire.SomeAsync(2)).Select(message => message.Subject).ShouldBe([$"orders.{order.Id:N}", "orders.all"]);
        if (stream)
        {
            (await _server.ReadAsync("ORDERS")).Count.ShouldBe(2);
        }
    }

    [Fact]
    public async Task a_resolver_has_the_last_word_on_every_subject()
    {
        using var host = await QuietHost.StartAsync(_server.Url, (options, _) =>
        {
            options.NatsTransport().Configuration.SubjectResolver = new ByRegion();
            options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
        });
        await using var wire = await Wire.TapAsync(_server, "orders.>");

        await host.Bus().PublishAsync(Order.New(), new DeliveryOptions().WithHeader("region", "eu"));

        (await wire.OneAsync()).Subject.ShouldBe("orders.eu");
    }

    [Fact]
    public async Task environments_that_share_a_server_are_kept_apart_by_a_prefix()
    {
        using var blue = await StartAsync("blue");
        using var green = await StartAsync("green");
        await using var wire = await Wire.TapAsync(_server, "*.orders");
        var order = Order.New();

        await blue.Bus().PublishAsync(order);
        var answered = await blue.Bus().InvokeAsync<Answered>(new Asked(order.Id), timeout: TimeSpan.FromSeconds(10));

        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
        (await wire.OneAsync()).Subject.ShouldBe("blue.orders");
        answered.Id.ShouldBe(order.Id);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<Microsoft.Extensions.Hosting.IHost> StartAsync(string prefix) => QuietHost.StartAsync(
        _server.Url,
        (options, nats) =>
        {
            nats.WithSubjectPrefix(prefix).DefineWorkQueueStream($"{prefix}_ORDERS", "orders");
            options.PublishMessage<Order>().ToNatsSubject("orders");
            options.PublishMessage<Asked>().ToNatsSubject("asked");
            options.ListenToNatsSubject("orders").UseJetStream($"{prefix}_ORDERS", "workers");
            options.ListenToNatsSubject("asked");
        },
        typeof(OrderHandler),
        typeof(AskedHandler));

    private sealed class ByRegion : ISubjectResolver
    {
        public string ResolveSubject(string baseSubject, Envelope envelope) =>
            envelope.TryGetHeader("region", out var region) ? $"{baseSubject}/{region}" : baseSubject;

        public string? ExtractTenantId(string subject) => null;
    }
}
