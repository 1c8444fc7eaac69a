using Microsoft.Extensions.Hosting;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class ScheduledMessages : IAsyncLifetime
{
    private const string Stream = "ORDERS";
    private static readonly Version WithSchedules = new(2, 12);
    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync();

    /// <summary>Servers that know schedules keep them; with others it is Wolverine that waits.</summary>
    [Fact]
    public async Task each_message_of_a_subject_comes_once_when_it_is_due()
    {
        using var host = await StartAsync(listens: true);
        Order[] orders = [Order.New(), Order.New(), Order.New()];
        var due = DateTimeOffset.UtcNow.AddSeconds(1.5);

        foreach (var order in orders)
        {
            await host.Bus().ScheduleAsync(order, due);
        }

        orders.ShouldAllBe(order => Received.Of(order.Id).Count == 0);
        foreach (var order in orders)
        {
            await Received.WaitAsync(order.Id);
        }

        DateTimeOffset.UtcNow.ShouldBeGreaterThanOrEqualTo(due);
        await host.StopAsync();
        orders.ShouldAllBe(order => Received.Of(order.Id).Count == 1);
        (await _server.ReadAsync(Stream)).ShouldBeEmpty();
    }

    [Fact]
    public async Task they_are_with_a_server_that_knows_schedules_when_the_sender_is_gone()
    {
        Assert.SkipUnless(InstalledServer.Version >= WithSchedules, $"nats-server {InstalledServer.Version} knows no schedules.");
        Order[] orders = [Order.New(), Order.New()];
        using (var sender = await StartAsync(listens: false))
        {
            foreach (var order in orders)
            {
                await sender.Bus().ScheduleAsync(order, DateTimeOffset.UtcNow.AddSeconds(2));
            }

            await Eventually.Async(() => _server.ReadAsync(Stream), kept => kept.Count == orders.Length, TimeSpan.FromSeconds(10), "the stream has the schedules");
            await sender.StopAsync();
        }

        using var host = await StartAsync(listens: true);

        foreach (var order in orders)
        {
            await Received.WaitAsync(order.Id);
        }

        await host.StopAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<IHost> StartAsync(bool listens) => QuietHost.StartAsync(
        _server.Url,
        (options, nats) =>
        {
            nats.DefineWorkQueueStream(Stream, stream => stream.EnableScheduledDelivery(), "orders", "orders.scheduled.*");
            options.PublishMessage<Order>().ToNatsSubject("orders").UseJetStream(Stream).SendInline();
            if (listens)
            {
                options.ListenToNatsSubject("orders").UseJetStream(Stream, "workers");
            }
        },
        listens ? [typeof(OrderHandler)] : []);
}
