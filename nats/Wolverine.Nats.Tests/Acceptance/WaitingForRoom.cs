using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class WaitingForRoom
{
    [Fact]
    public async Task what_waits_for_a_full_stream_is_neither_forgotten_nor_in_the_way_of_others()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await StartAsync(server);
        var small = await PublishAsync(host, 100, milliseconds: 0);
        await Eventually.Async(() => server.ReadAsync("SMALL"), found => found.Count == 1, OrdersOnJetStream.Recovery, "it is full");

        // Others are stored again and again, which is when Wolverine's own agent forgets.
        List<Order> large = [];
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(2);)
        {
            large.AddRange(await PublishAsync(host, 1, milliseconds: 1));
            await StoredAsync(server, "LARGE", large);
        }

        await MakeRoomAsync(server);

        await StoredAsync(server, "SMALL", small);
        await host.StopAsync();
    }

    [Fact]
    public async Task however_many_wait_others_are_stored_at_once()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await StartAsync(server);
        var small = await PublishAsync(host, 1000, milliseconds: 0);
        await Eventually.Async(() => server.ReadAsync("SMALL"), found => found.Count == 1, OrdersOnJetStream.Recovery, "it is full");

        var large = await PublishAsync(host, 1000, milliseconds: 1);

        await StoredAsync(server, "LARGE", large);
        await MakeRoomAsync(server);
        await StoredAsync(server, "SMALL", small);
        await host.StopAsync();
    }

    [Fact]
    public async Task who_brings_more_than_there_is_room_for_waits_and_nothing_is_lost()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await StartAsync(server, room: 50);
        var bringing = Task.Run(() => PublishAsync(host, 100, milliseconds: 0));
        await Eventually.Async(() => server.ReadAsync("SMALL"), found => found.Count == 1, OrdersOnJetStream.Recovery, "it is full");
        bringing.IsCompleted.ShouldBeFalse();

        await MakeRoomAsync(server);

        await StoredAsync(server, "SMALL", await bringing.WaitAsync(OrdersOnJetStream.Recovery));
        await host.StopAsync();
    }

    [Fact]
    public async Task an_application_stops_while_messages_wait()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await StartAsync(server);
        await PublishAsync(host, 100, milliseconds: 0);
        await Eventually.Async(() => server.ReadAsync("SMALL"), found => found.Count == 1, OrdersOnJetStream.Recovery, "it is full");

        await host.StopAsync().WaitAsync(OrdersOnJetStream.Recovery);

        (await server.ReadAsync("SMALL")).ShouldHaveSingleItem();
    }

    private static Task<IHost> StartAsync(NatsServer server, int room = 100_000) => QuietHost.StartAsync(server.Url, (options, nats) =>
    {
        nats.DefineStream("SMALL", stream => stream.WithSubjects("small.>").WithLimits(maxMessages: 1));
        nats.DefineStream("LARGE", stream => stream.WithSubjects("large.>"));
        options.PublishMessagesToNatsSubject<Order>(order => order.Milliseconds == 0 ? "small.orders" : "large.orders")
            .UseJetStream().BufferedInMemory();
        foreach (var endpoint in options.NatsTransport().Endpoints().OfType<NatsEndpoint>())
        {
            endpoint.MaximumEnvelopeRetryStorage = room;
        }
    });

    private static async Task<Order[]> PublishAsync(IHost host, int count, int milliseconds)
    {
        var orders = Enumerable.Range(0, count).Select(_ => Order.New(milliseconds)).ToArray();
        foreach (var order in orders)
        {
            await host.Bus().PublishAsync(order);
        }

        return orders;
    }

    private static async Task MakeRoomAsync(NatsServer server)
    {
        await using var connection = server.Connect();
        await new NatsJSContext(connection).UpdateStreamAsync(new StreamConfig("SMALL", ["small.>"]) { MaxMsgs = -1, Discard = StreamConfigDiscard.New });
    }

    private static async Task StoredAsync(NatsServer server, string stream, IReadOnlyCollection<Order> orders)
    {
        var stored = await Eventually.Async(
            () => server.ReadAsync(stream), found => found.Count >= orders.Count, OrdersOnJetStream.Recovery, $"{stream} has all");
        stored.Select(message => message.Json().GetProperty("id").GetGuid()).Order().ShouldBe(orders.Select(order => order.Id).Order());
    }
}
