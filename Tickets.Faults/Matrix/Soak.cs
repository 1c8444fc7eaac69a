using System.Diagnostics;
using System.Globalization;
using NatsServers;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>Steady load on the three-node cluster, PostgreSQL and three services, with a random fault again and again, and one ledger check at the end.</summary>
internal static class Soak
{
    private static readonly TimeSpan BetweenFaults = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly RigPlan Plan = new(Nodes: 3) { Services = 3 };

    /// <summary>Runs it.</summary>
    /// <param name="lasts">For how long.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="folder">Where to keep what tells of a failure.</param>
    public static async Task<RunReport> RunAsync(TimeSpan lasts, int seed, string folder)
    {
        var faults = FaultMatrix.All.Where(fault => fault.IsRepeatable && fault.Storages.Contains(StorageKind.PostgreSql)).ToArray();
        var soak = new Fault($"{lasts.TotalMinutes:F0} minutes of load, a fault every {BetweenFaults.TotalSeconds:F0} s", Plan, run => FailAgainAndAgainAsync(run, faults, lasts))
        {
            Storages = [StorageKind.PostgreSql],
            Pace = TimeSpan.FromMilliseconds(120),
        };
        return await FaultRun.RunAsync(soak, StorageKind.PostgreSql, seed, folder);
    }

    private static async Task FailAgainAndAgainAsync(FaultRun run, Fault[] faults, TimeSpan lasts)
    {
        var clock = Stopwatch.StartNew();
        using var over = new CancellationTokenSource();
        var looking = LookAsync(run, clock, over.Token);
        while (clock.Elapsed < lasts)
        {
            var next = Task.Delay(BetweenFaults);
            var fault = run.OneOf(faults);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed:hh\\:mm\\:ss} {fault.Name}"));
            await fault.InjectAsync(run);
            await run.TakenAsync(10);

            // Three copies bear one that is away, not one that is away while another has not caught up.
            await CatchUpAsync(run);
            await next;
        }

        await over.CancelAsync();
        await looking;
    }

    // After "Resetting stream cluster state" a copy of a 2.9 server may stay behind for good; its operator has it made anew.
    private static async Task CatchUpAsync(FaultRun run)
    {
        try
        {
            await Eventually.Async(() => ReplicationProbe.AllAreCurrentAsync(run.Rig.Nats), whole => whole, Limit, "every replica has caught up");
        }
        catch (TimeoutException)
        {
            foreach (var name in await ReplicationProbe.NodesBehindAsync(run.Rig.Nats))
            {
                Console.WriteLine($"a copy on {name} does not catch up; its store is wiped");
                await NatsFaults.WipeAsync(run, run.Rig.Nodes.Single(node => node.Name == name));
            }

            await Eventually.Async(() => ReplicationProbe.AllAreCurrentAsync(run.Rig.Nats), whole => whole, Limit, "every replica has caught up");
        }
    }

    private static async Task LookAsync(FaultRun run, Stopwatch clock, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var memory = run.Rig.Services.Select(service => service.ResidentMemory / 1_048_576);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{clock.Elapsed:hh\\:mm\\:ss} {run.Load.Taken} commands taken; resident memory {string.Join(", ", memory)} MiB"));
            await Task.Delay(BetweenLooks, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
