using System.Diagnostics;
using NATS.Client.JetStream;
using NatsServers;

namespace Wolverine.Nats.Benchmarks;

/// <summary>Wolverine's message bus through a buffered endpoint: every message is serialized, mapped, batched and acknowledged.</summary>
internal sealed class TransportPublishing(int messages) : IContestant
{
    private const int Warmup = 5_000;

    public string Name => "Wolverine.Nats";

    public async Task<double> RunAsync(NatsServer server)
    {
        using var host = await TransportHost.StartAsync(
            server, options => options.PublishMessage<Sample>().ToNatsSubject(Sample.Subject).BufferedInMemory());
        await using var connection = server.Connect();
        var stream = new NatsJSContext(connection);
        await SendAsync(host.Bus(), stream, Warmup, Warmup);

        var clock = Stopwatch.StartNew();
        await SendAsync(host.Bus(), stream, messages, Warmup + messages);
        return messages / clock.Elapsed.TotalSeconds;
    }

    private static async Task SendAsync(IMessageBus bus, NatsJSContext jetStream, int count, int stored)
    {
        for (var i = 0; i < count; i++)
        {
            await bus.SendAsync(Sample.Message);
        }

        await Eventually.Async(
            async () => (await jetStream.GetStreamAsync(Sample.Stream)).Info.State.Messages,
            found => found == stored,
            TimeSpan.FromMinutes(2),
            "all are stored");
    }
}
