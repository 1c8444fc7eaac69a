using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Drift
{
    // A server that has been restarted answers its first update of a consumer with what was before.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_the_server_lets_change_follows_the_declaration_at_the_next_start(bool restarts)
    {
        await using var server = await NatsServer.StartAsync();
        await StartAndStopAsync(server, days: 1, TimeSpan.FromSeconds(10));
        if (restarts)
        {
            await server.StopAsync();
            await server.RestartAsync();
        }

        await StartAndStopAsync(server, days: 7, TimeSpan.FromSeconds(20));

        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        (await jetStream.GetStreamAsync("ORDERS")).Info.Config.MaxAge.ShouldBe(TimeSpan.FromDays(7));
        (await jetStream.GetConsumerAsync("ORDERS", "workers")).Info.Config.AckWait.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task a_server_without_jetstream_stops_the_start()
    {
        await using var server = await NatsServer.StartAsync("jetstream: false");

        var fault = await Should.ThrowAsync<Exception>(() => StartAndStopAsync(server, days: 1, TimeSpan.FromSeconds(10)).WaitAsync(OrdersOnJetStream.Recovery));

        fault.GetBaseException().Message.ShouldBe($"nats-server {InstalledServer.Version} at 127.0.0.1:{server.Port} runs without JetStream; start it with -js.");
    }

    private static async Task StartAndStopAsync(NatsServer server, int days, TimeSpan ackWait)
    {
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineLogStream("ORDERS", TimeSpan.FromDays(days), "orders");
            options.ListenToNatsSubject("orders").UseJetStream("ORDERS", "workers", consumer => consumer.AckWait = ackWait);
        });
        await host.StopAsync();
    }
}
