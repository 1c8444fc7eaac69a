using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Util;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Messages whose headers the server stores, and the client refuses to read: a line of them is no header.</summary>
public sealed class RefusedHeaders
{
    private const string Body = """{"Id": "5"}""";

    private static readonly string OrderType = typeof(Order).ToMessageTypeName();

    [Theory]
    [InlineData("My Header: x", "line 3 ('My Header')")]
    [InlineData("My\tHeader: x", "line 3 ('My%09Header')")]
    [InlineData("My-Header : x", "line 3 ('My-Header ')")]
    [InlineData(": x", "line 3 ('')")]
    [InlineData("NoColon", "line 3")]
    [InlineData("Note: one\r\ntwo", "line 4")]
    public async Task a_line_that_is_none_costs_neither_the_body_nor_the_other_headers(string line, string where)
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        await PublishAsync(orders.Server, OrdersOnJetStream.Subject, $"NATS/1.0\r\nbefore: b\r\n{line}\r\nNats-Msg-Id: refused-1\r\nmessage-type: {OrderType}\r\n\r\n");
        var next = await orders.PlaceAsync();

        await Received.WaitAsync(next.Id);
        var letter = await LetterAsync(orders);
        letter.Header("Dlq-Reason").ShouldBe($"its headers can't be read: {where} does not begin with a name without blanks and a colon");
        (letter.Header("before"), letter.Header("Dlq-Msg-Id"), letter.Header("message-type")).ShouldBe(("b", "refused-1", OrderType));
    }

    [Theory]
    [InlineData("NATS/1.1\r\nbefore: b\r\n\r\n", "Protocol error: header version mismatch")]
    [InlineData("NATS/1.0 none\r\nbefore: b\r\n\r\n", "Protocol error: header code is not a number")]
    [InlineData("NATS/1.0\r\nbefore: b\r\nafter: a", "line 3 has no end")]
    public async Task another_version_a_status_that_is_none_and_a_missing_end_do_not_either(string headers, string reason)
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        await PublishAsync(orders.Server, OrdersOnJetStream.Subject, headers);
        var next = await orders.PlaceAsync();

        await Received.WaitAsync(next.Id);
        var letter = await LetterAsync(orders);
        letter.Header("Dlq-Reason").ShouldBe($"its headers can't be read: {reason}");
        letter.Header("before").ShouldBe("b");
    }

    [Fact]
    public async Task what_arrives_by_core_NATS_is_dropped_with_the_true_reason()
    {
        await using var server = await NatsServer.StartAsync();
        var log = new LogLines();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, _) =>
            {
                options.Services.AddSingleton<ILoggerProvider>(log);
                options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
                options.ListenToNatsSubject("orders").DefaultIncomingMessage<Order>();
            },
            typeof(OrderHandler));
        var order = Order.New();

        await PublishAsync(server, "orders", "NATS/1.0\r\nMy Header: x\r\n\r\n");
        await host.Bus().PublishAsync(order);

        await Received.WaitAsync(order.Id);
        (await log.WaitAsync(LogLevel.Warning, "was dropped", OrdersOnJetStream.Recovery)).ShouldContain("its headers can't be read: line 2 ('My Header')");
        await host.StopAsync();
    }

    // A stream takes no more, and all of it is read while nothing else is received.
    [Fact]
    public async Task thousands_of_them_hold_nothing_up()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        await PublishAsync(orders.Server, OrdersOnJetStream.Subject, $"NATS/1.0\r\n{string.Concat(Enumerable.Repeat("a\r\n", 20_000))}\r\n");
        var next = await orders.PlaceAsync();

        await Received.WaitAsync(next.Id);
        (await LetterAsync(orders)).Header("Dlq-Reason")!.ShouldContain("line 2 does not begin");
    }

    private static async Task<NatsMsg<string>> LetterAsync(OrdersOnJetStream orders)
    {
        var letter = (await Eventually.Async(
            () => orders.Server.ReadAsync(OrdersOnJetStream.DeadLetterStream), found => found.Count == 1, OrdersOnJetStream.Recovery, "it is dead-lettered"))[0];
        letter.Data.ShouldBe(Body);
        await Eventually.Async(
            () => orders.Server.ReadAsync(OrdersOnJetStream.Stream), left => left.Count == 0, OrdersOnJetStream.Recovery, "it comes no more");
        return letter;
    }

    // As a stranger's client might: ours writes none of these.
    private static async Task PublishAsync(NatsServer server, string subject, string headers)
    {
        using var client = new TcpClient("127.0.0.1", server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"CONNECT {{\"verbose\":false,\"headers\":true}}\r\nHPUB {subject} {headers.Length} {headers.Length + Body.Length}\r\n{headers}{Body}\r\nPING\r\n"));
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line && line != "PONG")
        {
            line.ShouldNotStartWith("-ERR");
        }
    }
}
