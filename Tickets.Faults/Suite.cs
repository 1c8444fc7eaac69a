using System.Globalization;
using Tickets.Faults.Matrix;
using Tickets.Faults.Systems;

namespace Tickets.Faults;

/// <summary>Runs the fault matrix, seed after seed.</summary>
internal static class Suite
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (SuiteInput.TryRead(args, out var fault) is not { } input)
        {
            await Console.Error.WriteLineAsync(fault);
            return 2;
        }

        if (input.Minutes is { } minutes)
        {
            return Conclude([await Soak.RunAsync(TimeSpan.FromMinutes(minutes), input.Seed, input.Folder)]);
        }

        var runs = RunsOf(input);
        if (runs.Count == 0)
        {
            await Console.Error.WriteLineAsync($"no fault's name contains '{input.Only}'; they are:\n{string.Join('\n', FaultMatrix.All.Select(f => $"  {f.Name}"))}");
            return 2;
        }

        Console.WriteLine($"{runs.Count} runs, seeds from {input.Seed}, {input.Parallel} at once; what fails is kept in {input.Folder}");
        List<RunReport> reports = [];
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = input.Parallel }, async (run, _) =>
        {
            var report = await FaultRun.RunAsync(run.Fault, run.Storage, run.Seed, input.Folder);
            lock (reports)
            {
                reports.Add(report);
                if (runs.Count > 1)
                {
                    Tell(report, reports.Count, runs.Count);
                }
            }
        });
        return Conclude(reports);
    }

    private static int Conclude(List<RunReport> reports)
    {
        if (reports is [var one])
        {
            Tell(one, 1, 1);
        }

        FaultTable.Print(reports);
        return reports.TrueForAll(report => report.IsClean) ? 0 : 1;
    }

    // Row after row, then the next seed: a part of the runs has a part of every row.
    private static List<(Fault Fault, StorageKind Storage, int Seed)> RunsOf(SuiteInput input)
    {
        var rows = FaultMatrix.All
            .Where(fault => fault.Name.Contains(input.Only, StringComparison.OrdinalIgnoreCase))
            .SelectMany(fault => fault.Storages.Where(storage => input.Storage is null || storage == input.Storage).Select(storage => (Fault: fault, Storage: storage)))
            .ToArray();
        var runs = input.Runs ?? rows.Length;
        return rows.Length == 0 ? [] : [.. Enumerable.Range(0, runs).Select(i => (rows[i % rows.Length].Fault, rows[i % rows.Length].Storage, input.Seed + (i / rows.Length)))];
    }

    private static void Tell(RunReport report, int done, int all)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{done,4}/{all} {(report.IsClean ? "ok  " : "FAIL")} {report.Fault}, {report.Storage}, seed {report.Seed}: {report.Commands} commands, recovered after {report.Recovery.TotalSeconds:F1} s"));
        foreach (var finding in report.Findings.Concat(report.Ledger.All).Take(10))
        {
            Console.WriteLine($"          {finding.ReplaceLineEndings("\n          ")}");
        }

        if (!report.IsClean)
        {
            Console.WriteLine($"          again: ./tickets faults --only \"{report.Fault}\" --storage {report.Storage} --seed {report.Seed}; evidence: {report.Evidence}");
        }
    }
}
