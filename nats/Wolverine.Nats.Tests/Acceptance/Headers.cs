using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Util;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>What a message carries beside its body, and where it may go.</summary>
public sealed class Headers
{
    [Theory]
    [InlineData("Grüße an Zoë 🚀")]
    [InlineData("one\r\nNats-Rollup: all\r\n\r\ntwo")]
    [InlineData("tab\tnull\0bell\a")]
    [InlineData("100 % of %41")]
    public async Task any_header_value_arrives_as_it_was_sent(string value)
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        var order = Order.New();

        await orders.Host.Bus().PublishAsync(order, new DeliveryOptions().WithHeader("note", value));

        (await Received.WaitAsync(order.Id))[0].Headers["note"].ShouldBe(value);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("iso-8859-1")]
    public async Task ids_that_differ_in_a_letter_beyond_ascii_are_of_two_messages(string encoding)
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = orders.Server.Url, HeaderEncoding = Encoding.GetEncoding(encoding) });
        var (one, other) = (Order.New(), Order.New());

        await PublishAsync(connection, OrdersOnJetStream.Subject, one, new NatsHeaders { ["Nats-Msg-Id"] = "order-é" });
        await PublishAsync(connection, OrdersOnJetStream.Subject, other, new NatsHeaders { ["Nats-Msg-Id"] = "order-è" });

        (await Received.WaitAsync(one.Id))[0].Id.ShouldNotBe((await Received.WaitAsync(other.Id))[0].Id);
    }

    [Fact]
    public async Task a_strangers_header_is_read_as_utf_8()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = orders.Server.Url, HeaderEncoding = Encoding.UTF8 });
        var order = Order.New();

        await PublishAsync(connection, OrdersOnJetStream.Subject, order, new NatsHeaders { ["note"] = "Grüße an Zoë 🚀" });

        (await Received.WaitAsync(order.Id))[0].Headers["note"].ShouldBe("Grüße an Zoë 🚀");
    }

    [Fact]
    public async Task headers_for_the_server_never_travel_on()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.DefineStream("IN", stream => stream.WithSubjects("in"));
                nats.DefineStream("OUT", stream => stream.WithSubjects("out"));
                options.ListenToNatsSubject("in").UseJetStream("IN", "relay");
                options.PublishMessage<Relayed>().ToNatsSubject("out").SendInline();
            },
            typeof(RelayHandler));
        var order = Order.New();

        await PublishAsync(server, "in", order, new NatsHeaders
        {
            ["Nats-Msg-Id"] = "foreign",
            ["Nats-Expected-Stream"] = "IN",
            ["Nats-Expected-Last-Subject-Sequence"] = "0",
            ["color"] = "green",
        });

        var sent = (await Eventually.Async(() => server.ReadAsync("OUT"), found => found.Count == 1, OrdersOnJetStream.Recovery, "it is relayed"))[0];
        sent.Header("color").ShouldBe("green");
        sent.Header("Nats-Msg-Id").ShouldBe(sent.Header("id"));
        sent.Header("Nats-Expected-Stream").ShouldBe("OUT");
        sent.Headers!.Keys.Where(name => name.StartsWith("Nats-", StringComparison.OrdinalIgnoreCase)).Order()
            .ShouldBe(["Nats-Expected-Stream", "Nats-Msg-Id"]);
    }

    [Theory]
    [InlineData("topics.*")]
    [InlineData("topics.>")]
    [InlineData("topics..a")]
    [InlineData("topics.a b")]
    [InlineData("topics.a\r\nPUB topics.b 0")]
    public async Task nothing_is_published_to_what_is_no_subject(string topic)
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("TOPICS", stream => stream.WithSubjects("topics.>"));
            options.PublishMessagesToNatsSubject<Order>(_ => topic).SendInline();
        });

        (await Should.ThrowAsync<InvalidSubjectException>(async () => await host.Bus().PublishAsync(Order.New())))
            .Message.ShouldContain(topic[..6]);
        (await server.ReadAsync("TOPICS")).ShouldBeEmpty();
    }

    private static async Task PublishAsync(NatsServer server, string subject, Order order, NatsHeaders headers)
    {
        await using var connection = server.Connect();
        await PublishAsync(connection, subject, order, headers);
    }

    private static async Task PublishAsync(NatsConnection connection, string subject, Order order, NatsHeaders headers)
    {
        headers["message-type"] = typeof(Order).ToMessageTypeName();
        headers["content-type"] = "application/json";
        var ack = await new NatsJSContext(connection).PublishAsync(
            subject, Encoding.UTF8.GetBytes($$"""{"Id":"{{order.Id}}"}"""), headers: headers);
        ack.EnsureSuccess();
    }

    public sealed record Relayed(Guid Id);

    public static class RelayHandler
    {
        // All that came in is passed on, as middleware that copies headers does.
        public static object Handle(Order order, Envelope envelope)
        {
            var options = new DeliveryOptions();
            foreach (var (name, value) in envelope.Headers)
            {
                options.WithHeader(name, value!);
            }

            return new Relayed(order.Id).WithDeliveryOptions(options);
        }
    }
}
