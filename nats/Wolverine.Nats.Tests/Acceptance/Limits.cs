using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Sending;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Transports;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Limits
{
    [Fact]
    public async Task a_full_stream_is_an_error_that_names_subject_stream_and_remedy()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("SMALL", stream => stream.WithSubjects("small").WithLimits(maxMessages: 1));
            options.PublishMessage<Order>().ToNatsSubject("small").SendInline();
        });
        await host.Bus().PublishAsync(Order.New());

        var refused = await Should.ThrowAsync<PublishRefusedException>(async () => await host.Bus().PublishAsync(Order.New()));

        refused.Message.ShouldContain("'small'");
        refused.Message.ShouldContain("'SMALL'");
        refused.Message.ShouldContain("raise it or let consumers catch up");
        (await server.ReadAsync("SMALL")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task what_was_sent_to_a_full_stream_is_stored_when_there_is_room()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("SMALL", stream => stream.WithSubjects("small").WithLimits(maxMessages: 10));
            options.PublishMessage<Order>().ToNatsSubject("small").BufferedInMemory();
        });
        var orders = Enumerable.Range(0, 300).Select(_ => Order.New()).ToArray();

        foreach (var order in orders)
        {
            await host.Bus().PublishAsync(order);
        }

        await Eventually.Async(() => server.ReadAsync("SMALL"), found => found.Count == 10, OrdersOnJetStream.Recovery, "it is full");
        await using var connection = server.Connect();
        await new NATS.Client.JetStream.NatsJSContext(connection).UpdateStreamAsync(
            new StreamConfig("SMALL", ["small"]) { MaxMsgs = -1, Discard = StreamConfigDiscard.New });

        var stored = await Eventually.Async(
            () => server.ReadAsync("SMALL"), found => found.Count == orders.Length, TimeSpan.FromSeconds(30), "all are stored");
        stored.Select(message => message.Json().GetProperty("id").GetGuid()).Order().ShouldBe(orders.Select(order => order.Id).Order());
    }

    [Fact]
    public async Task no_more_are_in_flight_than_the_listener_may_hold_and_each_gives_its_place_back()
    {
        const int most = 3;
        const int guests = 60;
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("GUESTS", "guests");
                options.PublishMessage<Guest>().ToNatsSubject("guests").SendInline();
                options.ListenToNatsSubject("guests").UseJetStream("GUESTS", "hosts", consumer => consumer.MaxInFlight = most).MaximumParallelMessages(20);
            },
            typeof(GuestHandler));
        var party = Guid.NewGuid();

        await Task.WhenAll(Enumerable.Range(0, guests).Select(_ => host.Bus().PublishAsync(new Guest(party, most)).AsTask()));

        var seen = await Eventually.Async(
            () => Task.FromResult(GuestHandler.Of(party)), found => found.Gone == guests, OrdersOnJetStream.Recovery, "all have been there");
        seen.Most.ShouldBe(most);
    }

    [Fact]
    public async Task a_listener_that_may_hold_nothing_is_refused()
    {
        await using var server = await NatsServer.StartAsync();

        var refused = await Should.ThrowAsync<BrokerInitializationException>(() => QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("GUESTS", "guests");
                options.ListenToNatsSubject("guests").UseJetStream("GUESTS", "hosts", consumer => consumer.MaxInFlight = 0);
            },
            typeof(GuestHandler)));

        refused.InnerException.ShouldBeOfType<TopologyDeclarationException>().Message.ShouldContain("at least 1");
    }

    [Fact]
    public async Task a_message_that_is_too_large_does_not_hold_up_its_neighbours()
    {
        await using var server = await NatsServer.StartAsync("max_payload: 10KB");
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("TEXTS", stream => stream.WithSubjects("texts"));
            options.PublishMessage<string>().ToNatsSubject("texts").BufferedInMemory();
        });

        await host.Bus().PublishAsync("before");
        await host.Bus().PublishAsync(new string('x', 20_000));
        await host.Bus().PublishAsync("after");

        var stored = await Eventually.Async(() => server.ReadAsync("TEXTS"), found => found.Count == 2, OrdersOnJetStream.Recovery, "its neighbours are stored");
        stored.Select(message => message.Data).ShouldBe(["\"before\"", "\"after\""], ignoreOrder: true);
    }
}
