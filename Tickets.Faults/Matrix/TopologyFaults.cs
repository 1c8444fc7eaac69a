using NATS.Client.JetStream;
using NatsServers;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What operators may do to streams, consumers and permissions.</summary>
internal static class TopologyFaults
{
    private const string Everything = """
        authorization { users: [ { user: any, password: any } ] }
        no_auth_user: any
        """;

    private static readonly string[] Rights =
    [
        "publish: { deny: [\"ticket.commands.>\"] }",
        "publish: { deny: [\"ticket.*\", \"audit.*\", \"notification.*\"] }",
        "publish: { deny: [\"$JS.API.CONSUMER.MSG.NEXT.>\"] }",
        "publish: { deny: [\"$JS.ACK.>\"] }",
        "subscribe: { deny: [\"_INBOX.>\"] }",
    ];

    public static IEnumerable<Fault> All =>
    [
        new("command consumer deleted", new RigPlan(), run => DeleteConsumerAsync(run, "TICKET_COMMANDS", "ticket-workers")) { IsRepeatable = true },
        new("event consumer deleted", new RigPlan(), run => DeleteConsumerAsync(run, "TICKET_EVENTS", "notifier")) { IsRepeatable = true },
        new("event stream deleted, its events republished", new RigPlan(), DeleteEventsAsync),
        new("command stream deleted while it is empty", new RigPlan(), DeleteCommandsAsync),
        new("a NATS permission revoked", new RigPlan { NatsConfiguration = Everything }, RevokeAsync),
    ];

    private static async Task DeleteConsumerAsync(FaultRun run, string stream, string consumer)
    {
        run.Healed();
        await new NatsJSContext(run.Rig.Nats).DeleteConsumerAsync(stream, consumer);
    }

    private static async Task DeleteEventsAsync(FaultRun run)
    {
        var jetStream = new NatsJSContext(run.Rig.Nats);
        run.Healed();
        await jetStream.DeleteStreamAsync("TICKET_EVENTS");
        await Eventually.Async(() => IsThereAsync(jetStream, "TICKET_EVENTS"), there => there, TimeSpan.FromSeconds(30), "the stream is made again");
        var (exitCode, output) = await run.Rig.Services[0].RunAsync("republish", "--since", "1h");
        run.Expect(exitCode == 0, $"republish ended with {exitCode}: {output}");
    }

    // What is in a stream that is deleted is gone, for everybody; so it is deleted when nothing is in it.
    private static async Task DeleteCommandsAsync(FaultRun run)
    {
        var jetStream = new NatsJSContext(run.Rig.Nats);
        await run.Load.StopAsync(TimeSpan.FromSeconds(30));
        await Quiet.ReachedAsync(run.Rig, TimeSpan.FromSeconds(30));
        run.Healed();
        await jetStream.DeleteStreamAsync("TICKET_COMMANDS");
        run.Load.Start();
    }

    private static async Task RevokeAsync(FaultRun run)
    {
        var right = run.OneOf(Rights);
        var node = run.Rig.Nodes[0];
        await node.ReloadAsync(Everything.Replace("password: any", $"password: any, permissions: {{ {right} }}", StringComparison.Ordinal));
        await run.LastAsync(3, 10);
        run.Healed();
        await node.ReloadAsync(Everything);

        // The suite's own client has lost its inbox with the services'.
        await run.Rig.Nats.ReconnectAsync();
    }

    private static async Task<bool> IsThereAsync(NatsJSContext jetStream, string stream)
    {
        try
        {
            await jetStream.GetStreamAsync(stream);
            return true;
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            return false;
        }
    }
}
