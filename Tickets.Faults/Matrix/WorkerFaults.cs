using NatsServers;
using Tickets.Faults.Ledger;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What happens to the process that handles commands.</summary>
internal static class WorkerFaults
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string[] Points = ["received", "handling", "before-commit", "after-commit", "published", "before-ack"];

    public static IEnumerable<Fault> All =>
    [
        .. Points.Select(point => new Fault($"worker killed at {point}", new RigPlan(), run => DieAtAsync(run, point)) { IsRepeatable = true }),
        new("worker killed at any time", new RigPlan(), KillAsync) { IsRepeatable = true },
        new("worker told to end (SIGTERM)", new RigPlan(Nodes: 1) { Services = 1 }, TerminateAsync),
        new("worker frozen, its work delivered again", new RigPlan(), FreezeAsync) { IsRepeatable = true },
        new("two workers race for the same deliveries", new RigPlan { Services = 3 }, RaceAsync) { Storages = [StorageKind.PostgreSql], IsRepeatable = true },
    ];

    private static async Task DieAtAsync(FaultRun run, string point)
    {
        // What it has in hand when it dies is drawn by the seed.
        var service = run.Rig.Services[0];
        await service.StopAsync();
        service.Launch([("DOTNET_STARTUP_HOOKS", typeof(WorkerFaults).Assembly.Location), ("FAULT_POINT", $"{point}:{run.Random.Next(1, 120)}:kill")]);
        await service.EndedAsync(Limit);
        run.Expect(service.ExitCode == 137, $"the service ended with {service.ExitCode}, not by the kill");
        run.Healed();
        await service.StartAsync();
    }

    private static async Task KillAsync(FaultRun run)
    {
        for (var kills = run.Random.Next(1, 4); kills > 0; kills--)
        {
            var service = run.OneOf(run.Rig.Services);
            await run.LastAsync(0.1, 1.5);
            await service.KillAsync();
            await run.LastAsync(0, 1);
            run.Healed();
            await service.StartAsync();
        }
    }

    private static async Task TerminateAsync(FaultRun run)
    {
        var service = run.Rig.Services[0];
        await run.LastAsync(0.1, 1);
        await service.StopAsync();
        run.Expect(service.ExitCode == 0, $"the service ended with {service.ExitCode}");
        await ExpectNothingFinishedIsLeftAsync(run);
        run.Healed();
        await service.StartAsync();
    }

    // What is still in the work queue will be delivered again: nothing of it may have been done.
    private static async Task ExpectNothingFinishedIsLeftAsync(FaultRun run)
    {
        await using var database = await run.Rig.Database.OpenAsync();
        foreach (var sequence in await QueuedCommands.ReadAsync(run.Rig.Nats, database, settled: true))
        {
            run.Findings.Add($"command {sequence} is finished and will be delivered again");
        }
    }

    // Longer than its deliveries wait: another process has them, and then it goes on with them too.
    private static async Task FreezeAsync(FaultRun run)
    {
        var service = run.OneOf(run.Rig.Services);
        service.Suspend();
        await run.LastAsync(6, 9);
        run.Healed();
        service.Resume();
    }

    private static async Task RaceAsync(FaultRun run)
    {
        var service = run.Rig.Services[0];
        await service.StopAsync();
        service.Launch([("DOTNET_STARTUP_HOOKS", typeof(WorkerFaults).Assembly.Location), ("FAULT_POINT", $"before-commit:{run.Random.Next(5, 60)}:stop")]);
        await Eventually.Async(() => service.IsSuspended, Limit, "the service is frozen in the middle of a command");
        await run.LastAsync(6, 8);
        run.Healed();
        service.Resume();
    }
}
