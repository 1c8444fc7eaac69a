using System.Diagnostics;
using NATS.Client.JetStream;
using NatsServers;

namespace Wolverine.Nats.Benchmarks;

/// <summary>A JetStream listener with native acks: every delivery is mapped, read, handled by an empty handler and acknowledged.</summary>
internal sealed class TransportConsuming(int messages) : IContestant
{
    private const int Warmup = 5_000;

    public string Name => "Wolverine.Nats";

    public async Task<double> RunAsync(NatsServer server)
    {
        using var host = await TransportHost.StartAsync(server, options =>
        {
            options.PublishMessage<Sample>().ToNatsSubject(Sample.Subject).BufferedInMemory();
            options.ListenToNatsSubject(Sample.Subject)
                .UseJetStream(Sample.Stream, "bench")
                .DefaultIncomingMessage<Sample>()
                .MaximumParallelMessages(16);
        });
        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        var warm = SampleHandler.Expect(Warmup);
        await BarePublishing.PublishAsync(jetStream, Warmup);
        await warm;

        // Preloaded while nobody listens.
        var listener = host.Services.FindListener();
        await listener.StopAndDrainAsync();
        await BarePublishing.PublishAsync(jetStream, messages);
        var done = SampleHandler.Expect(messages);
        var clock = Stopwatch.StartNew();
        await listener.StartAsync();
        await done;
        return messages / clock.Elapsed.TotalSeconds;
    }
}
