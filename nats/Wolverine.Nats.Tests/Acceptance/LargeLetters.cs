using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Messages that nobody can handle and that are almost as large as the server takes.</summary>
public sealed class LargeLetters
{
    private const int MaxPayload = 16 * 1024;

    [Fact]
    public async Task one_that_had_room_for_headers_of_its_own_is_stored_with_what_tells_where_it_came_from()
    {
        await using var server = await NatsServer.StartAsync($"max_payload: {MaxPayload}");
        using var host = await StartAsync(server);
        var body = new string('x', MaxPayload - 350);

        await PublishAsync(server, body, new NatsHeaders { ["message-type"] = "nobody's", ["Nats-Msg-Id"] = "large", ["note"] = new string('a', 200) });

        var dead = (await Eventually.Async(
            () => server.ReadAsync("ORDERS_DLQ"), found => found.Count == 1, OrdersOnJetStream.Recovery, "it is dead-lettered")).ShouldHaveSingleItem();
        dead.Data.ShouldBe(body);
        (dead.Header("Dlq-Subject"), dead.Header("Dlq-Stream"), dead.Header("Dlq-Sequence"), dead.Header("Dlq-Msg-Id")).ShouldBe(("orders", "ORDERS", "1", "large"));
        dead.Header("Dlq-Dropped-Headers").ShouldNotBeNull();
        await Eventually.Async(() => server.ReadAsync("ORDERS"), left => left.Count == 0, OrdersOnJetStream.Recovery, "it comes no more");
        await host.StopAsync();
    }

    [Fact]
    public async Task one_that_leaves_no_room_stays_where_it_is_and_the_log_says_what_to_do()
    {
        await using var server = await NatsServer.StartAsync($"max_payload: {MaxPayload}");
        var log = new LogLines();
        using var host = await StartAsync(server, log);

        await PublishAsync(server, new string('x', MaxPayload), headers: null);

        (await log.WaitAsync(LogLevel.Error, "could not be stored", OrdersOnJetStream.Recovery))
            .ShouldContain("Message 1 of stream 'ORDERS' leaves no room for the headers of its dead letter. Raise the server's max_payload (now 16384 bytes) by some kilobytes, "
                + "or take the message out: nats stream rmm ORDERS 1. With a MaxMessageSize below max_payload the stream refuses such messages.");
        (await server.ReadAsync("ORDERS")).Count.ShouldBe(1);
        await host.StopAsync();
    }

    private static Task<IHost> StartAsync(NatsServer server, LogLines? log = null) => QuietHost.StartAsync(
        server.Url,
        (options, nats) =>
        {
            if (log is not null)
            {
                options.Services.AddSingleton<ILoggerProvider>(log);
            }

            nats.DefineWorkQueueStream("ORDERS", "orders");
            options.UnknownMessageBehavior = UnknownMessageBehavior.DeadLetterQueue;
            options.ListenToNatsSubject("orders").UseJetStream("ORDERS", "order-workers");
        },
        typeof(OrderHandler));

    private static async Task PublishAsync(NatsServer server, string body, NatsHeaders? headers)
    {
        await using var connection = server.Connect();
        var ack = await new NatsJSContext(connection).PublishAsync("orders", System.Text.Encoding.ASCII.GetBytes(body), headers: headers);
        ack.EnsureSuccess();
    }
}
