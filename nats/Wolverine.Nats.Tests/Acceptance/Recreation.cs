using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Consumers that are made again, and those that are left alone.</summary>
public sealed class Recreation : IAsyncLifetime
{
    private NatsServer _server = null!;
    private NatsConnection _connection = null!;

    private NatsJSContext JetStream => new(_connection);

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.StartAsync();
        _connection = _server.Connect();
    }

    [Fact]
    public async Task a_consumer_stays_when_its_stream_keeps_what_it_does_not_receive()
    {
        await using var questions = await _connection.SubscribeCoreAsync<string>("$JS.API.CONSUMER.>");
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("ORDERS", "orders.>");
                options.ListenToNatsSubject("orders.placed").UseJetStream("ORDERS", "placed");
            },
            typeof(OrderHandler));
        foreach (var _ in Enumerable.Range(0, 10))
        {
            await JetStream.PublishAsync("orders.created", "{}");
        }

        List<string> asked = [];
        await Eventually.Async(
            () =>
            {
                while (questions.Msgs.TryRead(out var question))
                {
                    asked.Add(question.Subject);
                }

                return asked.Count(subject => subject == "$JS.API.CONSUMER.INFO.ORDERS.placed") >= 6;
            },
            TimeSpan.FromSeconds(30),
            "it is looked at again and again");

        asked.ShouldNotContain("$JS.API.CONSUMER.DELETE.ORDERS.placed");
        await host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }
}
