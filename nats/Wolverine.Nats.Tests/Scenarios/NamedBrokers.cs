using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class NamedBrokers : IAsyncLifetime
{
    private static readonly BrokerName Second = new("second");
    private NatsServer _first = null!;
    private NatsServer _second = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await NatsServer.StartAsync();
        _second = await NatsServer.StartAsync();
    }

    [Fact]
    public async Task each_broker_gets_what_is_meant_for_it_and_its_name_is_the_scheme_of_its_addresses()
    {
        using var host = await QuietHost.StartAsync(_first.Url, (options, _) =>
        {
            options.AddNamedNatsBroker(Second, _second.Url);
            options.PublishMessage<Order>().ToNatsSubjectOnNamedBroker(Second, "orders").SendInline();
            options.PublishMessage<Asked>().ToNatsSubject("asked").SendInline();
        });
        await using var onFirst = await Wire.TapAsync(_first, ">");
        await using var onSecond = await Wire.TapAsync(_second, ">");

        await host.Bus().PublishAsync(Order.New());
        await host.Bus().PublishAsync(new Asked(Guid.NewGuid()));

        (await onFirst.OneAsync()).Subject.ShouldBe("asked");
        (await onSecond.OneAsync()).Subject.ShouldBe("orders");
        var second = host.Runtime().Options.NatsTransport(Second);
        second.EndpointForSubject("orders").Uri.ShouldBe(new Uri("second://subject/orders"));
        second.ShouldNotBeSameAs(host.Nats());
    }

    [Fact]
    public async Task a_message_goes_there_and_back()
    {
        using var host = await QuietHost.StartAsync(
            _first.Url,
            (options, _) =>
            {
                options.AddNamedNatsBroker(Second, settings => settings.ConnectionString = _second.Url)
                    .DefineWorkQueueStream("ORDERS", "orders");
                options.PublishMessage<Order>().ToNatsSubjectOnNamedBroker(Second, "orders");
                options.ListenToNatsSubjectOnNamedBroker(Second, "orders").UseJetStream("ORDERS", "workers");
            },
            typeof(OrderHandler));
        var order = Order.New();

        await host.Bus().PublishAsync(order);

        await Received.WaitAsync(order.Id);
    }

    [Fact]
    public async Task a_request_is_answered_over_the_broker_that_it_came_by_whatever_the_other_side_calls_it()
    {
        using var asking = await QuietHost.StartAsync(_first.Url, (options, _) =>
        {
            options.AddNamedNatsBroker(Second, _second.Url);
            options.PublishMessage<Asked>().ToNatsSubjectOnNamedBroker(Second, "asked");
        });
        using var answering = await QuietHost.StartAsync(_second.Url, (options, _) => options.ListenToNatsSubject("asked"), typeof(AskedHandler));
        var asked = new Asked(Guid.NewGuid());

        var answered = await asking.Bus().InvokeAsync<Answered>(asked, timeout: TimeSpan.FromSeconds(10));

        answered.Id.ShouldBe(asked.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }
}
