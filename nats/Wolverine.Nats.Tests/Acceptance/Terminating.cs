using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Nats.Tests.Worker;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>A platform ends the process (SIGTERM) while it works.</summary>
public sealed class Terminating
{
    private const int Jobs = 400;

    [Fact]
    public async Task what_has_finished_with_fifty_in_flight_is_not_delivered_again()
    {
        await using var server = await NatsServer.StartAsync();
        await PublishAsync(server);

        using var first = Start(server);
        await Eventually.Async(() => Begun(first) - Finished(first).Length >= 50, TimeSpan.FromSeconds(20), "fifty are in flight");
        await first.TerminateAsync(OrdersOnJetStream.Recovery);
        using var second = Start(server);
        await Eventually.Async(() => LeftAsync(server), left => left == 0, TimeSpan.FromSeconds(20), "all are settled");
        await second.TerminateAsync(OrdersOnJetStream.Recovery);

        Finished(first).Length.ShouldBeInRange(50, Jobs - 1, first.Output);
        Begun(first).ShouldBe(Finished(first).Length);
        Finished(first).Concat(Finished(second)).Order().ShouldBe(Enumerable.Range(0, Jobs));
    }

    private static ChildProcess Start(NatsServer server) => ChildProcess.Start(
        Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "Wolverine.Nats.Tests.Worker.dll"), server.Url]);

    private static int Begun(ChildProcess worker) => Numbers(worker, "begun ").Length;

    private static int[] Finished(ChildProcess worker) => Numbers(worker, "finished ");

    private static int[] Numbers(ChildProcess worker, string word) =>
        [.. worker.Output.Split('\n').Where(line => line.StartsWith(word, StringComparison.Ordinal)).Select(line => int.Parse(line[word.Length..], null))];

    private static async Task PublishAsync(NatsServer server)
    {
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineWorkQueueStream(Job.Stream, Job.Subject);
            options.PublishMessage<Job>().ToNatsSubject(Job.Subject).SendInline();
        });
        foreach (var number in Enumerable.Range(0, Jobs))
        {
            await host.Bus().PublishAsync(new Job(number));
        }

        await host.StopAsync();
    }

    private static async Task<long> LeftAsync(NatsServer server)
    {
        await using var connection = server.Connect();
        return (await new NatsJSContext(connection).GetStreamAsync(Job.Stream)).Info.State.Messages;
    }
}
