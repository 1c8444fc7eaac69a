using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Messages from and to those who don't know Wolverine.</summary>
public sealed class Interop
{
    [Fact]
    public async Task a_bare_json_message_is_told_by_its_subject()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("ORDERS", "orders.>");
                options.ListenToNatsSubject("orders.>").UseJetStream("ORDERS", "workers")
                    .UseInterop(new ForeignMessageMapper().Map<Order>("orders.{tenant}.place").AcceptHeaders("Actor"));
            },
            typeof(OrderHandler));
        var order = Order.New();
        await using var stranger = server.Connect();

        var ack = await new NatsJSContext(stranger).PublishAsync(
            "orders.acme.place", $$"""{"Id":"{{order.Id}}"}""", headers: new NatsHeaders { ["Actor"] = "ada", ["tenant-id"] = "evil" });
        ack.EnsureSuccess();

        var handled = (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
        handled.TenantId.ShouldBe("acme");
        handled.Headers.ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, string?>("Actor", "ada"));
        await host.StopAsync();
    }

    [Fact]
    public async Task an_event_is_a_cloud_event_in_binary_mode_and_is_read_back()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                var mapper = new CloudEventsMapper("/shop").Map<Order>("order.placed");
                nats.DefineStream("EVENTS", stream => stream.WithSubjects("events.>"));
                options.PublishMessage<Order>().ToNatsSubject("events.orders").UseInterop(mapper).SendInline();
                options.ListenToNatsSubject("events.>").UseJetStream("EVENTS", "readers").UseInterop(mapper);
            },
            typeof(OrderHandler));
        var order = Order.New();

        await host.Bus().PublishAsync(order, new DeliveryOptions { TenantId = "acme" });

        var stored = (await server.ReadAsync("EVENTS")).ShouldHaveSingleItem();
        (stored.Header("ce-specversion"), stored.Header("ce-type"), stored.Header("ce-source"), stored.Header("Content-Type"))
            .ShouldBe(("1.0", "order.placed", "/shop", "application/json"));
        Guid.Parse(stored.Header("ce-id")!).ShouldBe(Guid.Parse(stored.Header("Nats-Msg-Id")!));
        DateTimeOffset.Parse(stored.Header("ce-time")!, null).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        stored.Json().GetProperty("id").GetGuid().ShouldBe(order.Id);
        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem().TenantId.ShouldBe("acme");
        await host.StopAsync();
    }
}
