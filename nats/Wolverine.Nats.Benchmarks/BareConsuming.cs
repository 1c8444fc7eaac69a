using System.Diagnostics;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;

namespace Wolverine.Nats.Benchmarks;

/// <summary>The client alone: fetch 256, acknowledge each.</summary>
internal sealed class BareConsuming(int messages) : IContestant
{
    public string Name => "NATS.Net";

    public async Task<double> RunAsync(NatsServer server)
    {
        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(new StreamConfig(Sample.Stream, [Sample.Subject]));
        await BarePublishing.PublishAsync(jetStream, messages);
        var consumer = await jetStream.CreateOrUpdateConsumerAsync(Sample.Stream, new ConsumerConfig("bench"));

        var clock = Stopwatch.StartNew();
        for (var received = 0; received < messages;)
        {
            await foreach (var message in consumer.FetchAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = Math.Min(256, messages - received) }))
            {
                await message.AckAsync();
                received++;
            }
        }

        await connection.PingAsync();
        return messages / clock.Elapsed.TotalSeconds;
    }
}
