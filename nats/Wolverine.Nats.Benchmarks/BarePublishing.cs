using System.Diagnostics;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;

namespace Wolverine.Nats.Benchmarks;

/// <summary>The client alone, 256 publishes in flight, each with an id as the transport gives it.</summary>
internal sealed class BarePublishing(int messages) : IContestant
{
    private const int InFlight = 256;

    public string Name => "NATS.Net";

    public async Task<double> RunAsync(NatsServer server)
    {
        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(new StreamConfig(Sample.Stream, [Sample.Subject]));
        return await PublishAsync(jetStream, messages);
    }

    /// <returns>Messages a second.</returns>
    public static async Task<double> PublishAsync(NatsJSContext jetStream, int messages)
    {
        var left = messages;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var options = new NatsJSPubOpts { MsgId = Guid.NewGuid().ToString() };
                var ack = await jetStream.PublishAsync(Sample.Subject, Sample.Body, opts: options);
                ack.EnsureSuccess();
            }
        }));
        return messages / clock.Elapsed.TotalSeconds;
    }
}
