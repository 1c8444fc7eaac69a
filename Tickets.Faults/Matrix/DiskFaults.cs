using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Faults.Load;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What happens when there is no room.</summary>
internal static class DiskFaults
{
    private const int Room = 100;
    private const int FewMore = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static int _extra = 2_000_000;

    public static IEnumerable<Fault> All =>
    [
        new("NATS disk full", new RigPlan { NatsDisk = 96 }, FillNatsAsync),
        new("SQLite disk full", new RigPlan { DatabaseDisk = 48 }, FillSqliteAsync) { Storages = [StorageKind.Sqlite] },
        new("PostgreSQL disk full", new RigPlan { DatabaseDisk = 256 }, FillPostgreSqlAsync) { Storages = [StorageKind.PostgreSql] },
        new("command stream at its maximum", new RigPlan(), LimitCommandsAsync) { IsRepeatable = true },
        new("event stream at its maximum", new RigPlan(), LimitEventsAsync) { IsRepeatable = true },
    ];

    private static async Task FillNatsAsync(FaultRun run)
    {
        run.Rig.NatsDisk!.Fill();
        await run.LastAsync(3, 8);
        run.Rig.NatsDisk.Free();

        // A server that has run out of room gives up JetStream until it is started again, and one of 2.9 does not end by itself.
        run.Healed();
        await run.Rig.Nodes[0].KillAsync();
        await run.Rig.Nodes[0].RestartAsync();
    }

    private static async Task FillSqliteAsync(FaultRun run)
    {
        run.Rig.DatabaseDisk!.Fill();
        await run.LastAsync(3, 8);
        run.Healed();
        run.Rig.DatabaseDisk.Free();
    }

    private static async Task FillPostgreSqlAsync(FaultRun run)
    {
        var server = ((TestDatabase.PostgreSql)run.Rig.Database).Server;
        run.Rig.DatabaseDisk!.Fill();
        await run.LastAsync(4, 10);
        run.Healed();
        run.Rig.DatabaseDisk.Free();

        // It ends when it has no room for its log.
        if (server.HasExited)
        {
            await server.StartAgainAsync();
        }
    }

    // While nobody handles commands, so that they stay.
    private static async Task LimitCommandsAsync(FaultRun run)
    {
        foreach (var service in run.Rig.Services)
        {
            service.Suspend();
        }

        await WhileFullAsync(run, "TICKET_COMMANDS", FewMore, async () =>
        {
            var door = new NatsDoor(run.Rig.Nats);
            var refused = 0;
            for (var i = 0; i < 2 * FewMore; i++)
            {
                var sent = DateTimeOffset.UtcNow;
                var command = new LoadCommand(Interlocked.Increment(ref _extra), LoadMix.Tenants[0], CommandKind.Create, OverNats: true);
                var (outcome, sequence) = await door.TryAsync(command);
                refused += outcome == Outcome.Refused ? 1 : 0;
                run.Load.History.Enqueue(new SentCommand(command, outcome, sent, DateTimeOffset.UtcNow, sequence));
            }

            run.Expect(refused >= FewMore, "the full stream has not refused what it had no room for");
        });
        foreach (var service in run.Rig.Services)
        {
            service.Resume();
        }
    }

    private static Task LimitEventsAsync(FaultRun run) => WhileFullAsync(run, "TICKET_EVENTS", Room, async () =>
    {
        await Eventually.Async(run.Rig.Database.OutboxAsync, waiting => waiting > Room, Limit, "events wait in the outbox");
        await run.LastAsync(1, 5);
    });

    private static async Task WhileFullAsync(FaultRun run, string name, long room, Func<Task> wait)
    {
        var jetStream = new NatsJSContext(run.Rig.Nats);
        var stream = await jetStream.GetStreamAsync(name);
        var (most, discard) = (stream.Info.Config.MaxMsgs, stream.Info.Config.Discard);

        // With room for what comes before the limit holds: a stream that is over it already would lose its oldest.
        stream.Info.Config.MaxMsgs = stream.Info.State.Messages + room;
        stream.Info.Config.Discard = StreamConfigDiscard.New;
        await jetStream.UpdateStreamAsync(stream.Info.Config);
        await wait();
        (stream.Info.Config.MaxMsgs, stream.Info.Config.Discard) = (most, discard);
        run.Healed();
        await jetStream.UpdateStreamAsync(stream.Info.Config);
    }
}
