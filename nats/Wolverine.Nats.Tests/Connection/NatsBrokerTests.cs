using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Tests.Connection;

public sealed class NatsBrokerTests
{
    [Fact]
    public async Task what_was_said_before_the_end_reaches_the_server()
    {
        const int rounds = 20;
        const int said = 500;
        await using var server = await NatsServer.StartAsync();
        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(new StreamConfig("SAID", ["said"]), TestContext.Current.CancellationToken);

        for (var round = 0; round < rounds; round++)
        {
            var broker = new NatsBroker(new NatsTransportConfiguration { ConnectionString = server.Url }, "talker", NullLoggerFactory.Instance);
            await broker.ConnectAsync(needsJetStream: true);
            for (var word = 0; word < said; word++)
            {
                await broker.Connection.PublishAsync("said", new byte[64], cancellationToken: TestContext.Current.CancellationToken);
            }

            await broker.DisposeAsync();
        }

        await Eventually.Async(
            async () => (await jetStream.GetStreamAsync("SAID")).Info.State.Messages,
            heard => heard == rounds * said,
            TimeSpan.FromSeconds(10),
            "all of it is heard");
    }

    [Fact]
    public async Task it_ends_although_the_server_has_stopped_reading()
    {
        await using var server = await NatsServer.StartAsync();
        await using (var connection = server.Connect())
        {
            await new NatsJSContext(connection).CreateStreamAsync(new StreamConfig("SAID", ["said"]), TestContext.Current.CancellationToken);
        }

        var broker = new NatsBroker(
            new NatsTransportConfiguration { ConnectionString = server.Url, RequestTimeout = TimeSpan.FromSeconds(1) }, "stuck", NullLoggerFactory.Instance);
        await broker.ConnectAsync(needsJetStream: true);
        await broker.Publisher.PublishAsync("said", [], [], "heard", "SAID", TestContext.Current.CancellationToken);
        server.Suspend();
        var unheard = Enumerable.Range(0, 64).Select(word => new Publication("said", new byte[512 * 1024], [], $"unheard {word}")).ToArray();
        (await broker.Publisher.PublishAllAsync(unheard, "SAID", TestContext.Current.CancellationToken)).ShouldAllBe(outcome => outcome.Fault != null);

        await Should.NotThrowAsync(async () => await broker.DisposeAsync());
    }

    [Fact]
    public async Task it_may_be_disposed_of_more_than_once()
    {
        await using var server = await NatsServer.StartAsync();
        var broker = new NatsBroker(new NatsTransportConfiguration { ConnectionString = server.Url }, "twice", NullLoggerFactory.Instance);
        await broker.ConnectAsync(needsJetStream: true);

        await broker.DisposeAsync();

        await Should.NotThrowAsync(async () => await broker.DisposeAsync());
    }
}
