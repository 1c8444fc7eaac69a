using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class Deduplication : IAsyncLifetime
{
    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync();

    [Fact]
    public async Task without_more_every_envelope_is_a_message_of_its_own()
    {
        using var host = await StartAsync(project: null);
        var order = Order.New();

        await host.Bus().PublishAsync(order);
        await host.Bus().PublishAsync(order);

        (await _server.ReadAsync("ORDERS")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task an_identity_of_the_application_stores_each_only_once()
    {
        using var host = await StartAsync(envelope => ((Order)envelope.Message!).Id.ToString());
        var order = Order.New();

        await host.Bus().PublishAsync(order);
        await host.Bus().PublishAsync(order);

        (await _server.ReadAsync("ORDERS")).ShouldHaveSingleItem().Header("Nats-Msg-Id").ShouldBe(order.Id.ToString());
    }

    [Fact]
    public async Task an_explicit_id_wins_over_the_applications()
    {
        using var host = await StartAsync(_ => "projected");
        var options = new DeliveryOptions().WithHeader("Nats-Msg-Id", "explicit");

        await host.Bus().PublishAsync(Order.New(), options);
        await host.Bus().PublishAsync(Order.New(), options);
        await host.Bus().PublishAsync(Order.New());

        (await _server.ReadAsync("ORDERS")).Select(message => message.Header("Nats-Msg-Id")).ShouldBe(["explicit", "projected"]);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<Microsoft.Extensions.Hosting.IHost> StartAsync(Func<Envelope, string>? project) => QuietHost.StartAsync(_server.Url, (options, nats) =>
    {
        nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders"));
        _ = project is null ? nats : nats.DeduplicateUsing(project);
        options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
    });
}
