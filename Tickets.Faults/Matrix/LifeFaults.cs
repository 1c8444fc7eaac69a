using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What happens in the life of an installation: clocks, migrations, versions.</summary>
internal static class LifeFaults
{
    private const string ClockFile = "FAKETIME_TIMESTAMP_FILE";

    /// <summary>An earlier version of the program, when there is one to run beside this one.</summary>
    private static readonly string? OldProgram = Environment.GetEnvironmentVariable("OLD_PROGRAM");

    public static IEnumerable<Fault> All =>
    [
        new("clock jumps by an hour", new RigPlan { Settings = ClockOf, Starts = false }, JumpAsync),
        new("killed in a migration, two migrate at once", new RigPlan { Starts = false }, MigrateAsync),
        .. OldProgram is null ? Array.Empty<Fault>() : [new Fault("old and new version side by side", new RigPlan(), MixAsync) { Storages = [StorageKind.PostgreSql] }],
    ];

    // The library for programs with threads; the other one may never return to them. Wall clocks alone: timers run on as they do when a clock is set.
    private static (string Name, string Value)[] ClockOf(int service)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("clock-").FullName, "offset");
        File.WriteAllText(file, "+0");
        return
        [
            ("LD_PRELOAD", Directory.GetDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
                ?? throw new InvalidOperationException("libfaketime is missing; on Debian: apt-get install faketime")),
            (ClockFile, file),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ];
    }

    private static async Task JumpAsync(FaultRun run)
    {
        // Without the faked clock, under which the migrations' driver does not get its answers.
        var (exitCode, output) = await run.Rig.Services[0].RunAsync(["resources", "setup"], ("LD_PRELOAD", string.Empty));
        run.Expect(exitCode == 0, $"resources setup ended with {exitCode}: {output}");
        await Task.WhenAll(run.Rig.Services.Select(service => service.StartAsync()));
        run.Load.Start();
        await run.TakenAsync(60);
        var clock = run.OneOf(run.Rig.Services).Setting(ClockFile)!;
        await File.WriteAllTextAsync(clock, run.OneOf(["+1h", "-1h", "+61m", "-30s"]));
        await run.LastAsync(3, 8);
        run.Healed();
        await File.WriteAllTextAsync(clock, "+0");
    }

    private static async Task MigrateAsync(FaultRun run)
    {
        var services = run.Rig.Services;
        for (var kills = run.Random.Next(1, 4); kills > 0; kills--)
        {
            services[0].Launch();
            await run.LastAsync(0.3, 2.5);
            await services[0].KillAsync();
        }

        run.Healed();
        await Task.WhenAll(services.Select(service => service.StartAsync()));
        run.Load.Start();
    }

    private static async Task MixAsync(FaultRun run)
    {
        var old = run.Rig.Add(OldProgram!);
        await old.StartAsync();
        await run.TakenAsync(200);
        await run.Rig.Services[0].KillAsync();
        await run.TakenAsync(100);
        await run.Rig.Services[0].StartAsync();
        await old.KillAsync();
        await run.TakenAsync(100);
        run.Healed();
        await old.StartAsync();
    }
}
