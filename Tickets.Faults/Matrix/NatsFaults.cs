using System.Net;
using System.Net.Http.Json;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What happens to NATS nodes.</summary>
internal static class NatsFaults
{
    public static IEnumerable<Fault> All =>
    [
        new("the one NATS node killed", new RigPlan(), async run => await KillAsync(run, [run.Rig.Nodes[0]])),
        new("the one NATS node frozen", new RigPlan(), async run => await FreezeAsync(run, run.Rig.Nodes[0])),
        OfThree("NATS follower killed", async run => await KillAsync(run, [await FollowerAsync(run)])),
        OfThree("NATS stream leader killed", async run => await KillAsync(run, [await LeaderAsync(run)])),
        OfThree("NATS consumer leader killed", async run => await KillAsync(run, [await ConsumerLeaderAsync(run)])),
        OfThree("NATS follower frozen", async run => await FreezeAsync(run, await FollowerAsync(run))),
        OfThree("NATS stream leader frozen", async run => await FreezeAsync(run, await LeaderAsync(run))),
        OfThree("NATS consumer leader frozen", async run => await FreezeAsync(run, await ConsumerLeaderAsync(run))),
        OfThree("all three NATS nodes killed", run => KillAsync(run, run.Rig.Nodes)),
        OfThree("a NATS node's store wiped", run => WipeAsync(run, run.OneOf(run.Rig.Nodes))),
        OfThree("two of three NATS nodes stopped", StopTwoAsync),
    ];

    private static Fault OfThree(string name, Func<FaultRun, Task> inject) => new(name, new RigPlan(Nodes: 3), inject) { IsRepeatable = true };

    private static async Task KillAsync(FaultRun run, IReadOnlyList<NatsServer> nodes)
    {
        await Task.WhenAll(nodes.Select(node => node.KillAsync()));
        await run.LastAsync(0.5, 5);
        run.Healed();
        await Task.WhenAll(nodes.Select(node => node.RestartAsync()));
    }

    private static async Task FreezeAsync(FaultRun run, NatsServer node)
    {
        node.Suspend();
        await run.LastAsync(8, run.Random.Next(6) == 0 ? 60 : 14);
        run.Healed();
        node.Resume();
    }

    /// <summary>A node loses its disk, and comes back with an empty one.</summary>
    public static async Task WipeAsync(FaultRun run, NatsServer node)
    {
        await node.KillAsync();
        Directory.Delete(node.Store, recursive: true);
        await run.LastAsync(0.5, 3);
        run.Healed();
        await node.RestartAsync();
    }

    private static async Task StopTwoAsync(FaultRun run)
    {
        var stopped = run.Rig.Nodes.OrderBy(_ => run.Random.Next()).Take(2).ToArray();
        await Task.WhenAll(stopped.Select(node => node.StopAsync()));
        await ExpectRefusalAsync(run);
        await run.LastAsync(1, 4);
        run.Healed();
        await Task.WhenAll(stopped.Select(node => node.RestartAsync()));
    }

    // What was on its way when they stopped may still be answered in another way.
    private static async Task ExpectRefusalAsync(FaultRun run)
    {
        var service = run.OneOf(run.Rig.Services);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tickets")
        {
            Content = JsonContent.Create(new { title = "Not accepted", created_by = "load" }),
            Headers = { { "X-Tenant-ID", "refused" } },
        };
        using var response = await service.Http.SendAsync(request);
        run.Expect(
            response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null,
            $"without a quorum the answer was {(int)response.StatusCode}, Retry-After: {response.Headers.RetryAfter}");
    }

    private static Task<NatsServer> LeaderAsync(FaultRun run) => run.Rig.Cluster!.LeaderOfAsync(run.OneOf(["TICKET_COMMANDS", "TICKET_EVENTS"]));

    private static async Task<NatsServer> FollowerAsync(FaultRun run)
    {
        var leader = await run.Rig.Cluster!.LeaderOfAsync("TICKET_COMMANDS");
        return run.OneOf([.. run.Rig.Nodes.Where(node => node != leader)]);
    }

    private static async Task<NatsServer> ConsumerLeaderAsync(FaultRun run)
    {
        var (stream, consumer) = run.OneOf([("TICKET_COMMANDS", "ticket-workers"), ("TICKET_EVENTS", "notifier")]);
        var leader = (await new NatsJSContext(run.Rig.Nats).GetConsumerAsync(stream, consumer)).Info.Cluster?.Leader;
        return run.Rig.Nodes.Single(node => node.Name == leader);
    }
}
