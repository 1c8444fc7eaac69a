using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Several listeners name one stream that nobody has declared.</summary>
public sealed class SharedStreams
{
    [Fact]
    public async Task it_captures_the_subjects_of_all_its_listeners()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await StartAsync(server);
        var (order, fragile) = (Order.New(), Fragile.New(failures: 0));

        await host.Bus().PublishAsync(order);
        await host.Bus().PublishAsync(fragile);

        await Received.WaitAsync(order.Id);
        await Received.WaitAsync(fragile.Id);
        (await host.Nats().JetStream.GetStreamAsync("SHARED")).Info.Config.Subjects!.Order().ShouldBe(["shared.a", "shared.b"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task one_that_is_there_must_capture_all_of_them()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = server.Connect();
        await new NatsJSContext(connection).CreateStreamAsync(new StreamConfig("SHARED", ["shared.a"]));

        var fault = await Should.ThrowAsync<Exception>(() => StartAsync(server).WaitAsync(OrdersOnJetStream.Recovery));

        fault.GetBaseException().Message.ShouldContain("subjects are shared.a, declared also shared.b");
    }

    private static Task<Microsoft.Extensions.Hosting.IHost> StartAsync(NatsServer server) => QuietHost.StartAsync(
        server.Url,
        (options, _) =>
        {
            options.PublishMessage<Order>().ToNatsSubject("shared.a").UseJetStream("SHARED").SendInline();
            options.PublishMessage<Fragile>().ToNatsSubject("shared.b").UseJetStream("SHARED").SendInline();
            options.ListenToNatsSubject("shared.a").UseJetStream("SHARED", "a-workers");
            options.ListenToNatsSubject("shared.b").UseJetStream("SHARED", "b-workers");
        },
        typeof(OrderHandler),
        typeof(FragileHandler));
}
