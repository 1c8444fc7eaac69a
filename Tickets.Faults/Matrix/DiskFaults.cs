using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What happens when there is no room.</summary>
internal static class DiskFaults
{
    private const int Room = 100;

    public static IEnumerable<Fault> All =>
    [
        new("NATS disk full", new RigPlan { NatsDisk = 96 }, FillNatsAsync),
        new("SQLite disk full", new RigPlan { DatabaseDisk = 48 }, FillSqliteAsync) { Storages = [StorageKind.Sqlite] },
        new("PostgreSQL disk full", new RigPlan { DatabaseDisk = 256 }, FillPostgreSqlAsync) { Storages = [StorageKind.PostgreSql] },
        new("command stream at its maximum", new RigPlan(), run => LimitAsync(run, "TICKET_COMMANDS")) { IsRepeatable = true },
        new("event stream at its maximum", new RigPlan(), run => LimitAsync(run, "TICKET_EVENTS")) { IsRepeatable = true },
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

    private static async Task LimitAsync(FaultRun run, string name)
    {
        var jetStream = new NatsJSContext(run.Rig.Nats);
        var stream = await jetStream.GetStreamAsync(name);
        var (most, discard) = (stream.Info.Config.MaxMsgs, stream.Info.Config.Discard);

        // With room for what comes before the limit holds: a stream that is over it already would lose its oldest.
        stream.Info.Config.MaxMsgs = stream.Info.State.Messages + (name == "TICKET_EVENTS" ? Room : Room / 5);
        stream.Info.Config.Discard = StreamConfigDiscard.New;
        await jetStream.UpdateStreamAsync(stream.Info.Config);
        await run.LastAsync(3, 8);
        (stream.Info.Config.MaxMsgs, stream.Info.Config.Discard) = (most, discard);
        run.Healed();
        await jetStream.UpdateStreamAsync(stream.Info.Config);
    }
}
