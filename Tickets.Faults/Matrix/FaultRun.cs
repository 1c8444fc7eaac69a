using System.Diagnostics;
using System.Net.Http.Json;
using NatsServers;
using Tickets.Faults.Ledger;
using Tickets.Faults.Load;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>One fault, once: a system under load, the fault, its healing, quiet, and the ledger check.</summary>
public sealed class FaultRun : IAsyncDisposable
{
    private const int Warm = 60;
    private const int After = 60;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Fault _fault;
    private readonly Stopwatch _sinceHealed = new();

    private FaultRun(Fault fault, Rig rig, int seed)
    {
        (_fault, Rig, Random) = (fault, rig, new Random(seed));
        Load = new LoadClient(() => Rig.Services, rig.Nats, seed, fault.Pace);
    }

    /// <summary>The system.</summary>
    public Rig Rig { get; }

    /// <summary>The load on it.</summary>
    public LoadClient Load { get; }

    /// <summary>What the fault draws its choices from.</summary>
    public Random Random { get; }

    /// <summary>What does not hold, apart from what the ledger check finds.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>Makes the fault happen.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="storage">On which storage.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="folder">Where to keep what tells of a run that failed.</param>
    public static async Task<RunReport> RunAsync(Fault fault, StorageKind storage, int seed, string folder)
    {
        var report = new RunReport(fault.Name, storage, seed);
        try
        {
            await using var run = new FaultRun(fault, await Rig.StartAsync(fault.Plan, storage), seed);
            await run.RunAsync(report);
            if (!report.IsClean)
            {
                report = report with { Evidence = await Evidence.KeepAsync(run, report, folder) };
            }
        }
#pragma warning disable CA1031 // Whatever keeps a run from its end is its result; the next one goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report.Findings.Add($"the run ended: {e}");
        }

        return report;
    }

    /// <summary>Returns when as many more commands were accepted.</summary>
    public async Task TakenAsync(int more)
    {
        var goal = Load.Taken + more;
        await Eventually.Async(() => Task.FromResult(Load.Taken), taken => taken >= goal, Limit, $"{more} more commands are taken");
    }

    /// <summary>Returns after a time between two, by the seed: for that long the fault lasts.</summary>
    public Task LastAsync(double fromSeconds, double toSeconds) =>
        Task.Delay(TimeSpan.FromSeconds(fromSeconds + (Random.NextDouble() * (toSeconds - fromSeconds))));

    /// <summary>One of them, by the seed.</summary>
    public T OneOf<T>(IReadOnlyList<T> all) => all[Random.Next(all.Count)];

    /// <summary>The fault is over: from now on the clock of the recovery runs.</summary>
    public void Healed() => _sinceHealed.Restart();

    /// <summary>Notes what does not hold.</summary>
    public void Expect(bool holds, string what)
    {
        if (!holds)
        {
            Findings.Add(what);
        }
    }

    /// <summary>Ends the system.</summary>
    public async ValueTask DisposeAsync()
    {
        Load.Abandon();
        await Rig.DisposeAsync();
    }

    private async Task RunAsync(RunReport report)
    {
        try
        {
            if (_fault.Plan.Starts)
            {
                Load.Start();
                await TakenAsync(Warm);
            }

            await _fault.InjectAsync(this);
            await RecoverAsync(report);
        }
#pragma warning disable CA1031 // What has gone wrong is a finding, and what there is now is evidence.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report.Findings.Add($"the run ended: {e}");
        }

        report.Commands = Load.History.Count;
        report.Findings.AddRange([.. Findings, .. _fault.LosesTheTail ? [] : Load.Surprises]);
    }

    // Back at work, quiet, and all in order.
    private async Task RecoverAsync(RunReport report)
    {
        await Task.WhenAll(Rig.Services.Select(service => Eventually.Async(() => WorksAsync(service), works => works, Limit, "a service answers with a ticket")));
        report.Recovery = _sinceHealed.IsRunning ? _sinceHealed.Elapsed : TimeSpan.Zero;
        Expect(report.Recovery <= _fault.Limit, $"it took {report.Recovery.TotalSeconds:F1} s until commands were handled again");
        await TakenAsync(After);
        await Load.StopAsync(Limit);
        var drained = Stopwatch.StartNew();
        await Quiet.ReachedAsync(Rig, Limit);
        Expect(drained.Elapsed <= _fault.Limit + Quiet.Slack, $"it took {drained.Elapsed.TotalSeconds:F1} s until all was settled");
        await CheckAsync(report);
    }

    private async Task CheckAsync(RunReport report)
    {
        await using var database = await Rig.Database.OpenAsync();
        var stored = await StoredState.ReadAsync(database);
        var letters = await Quiet.AnsweredAsync(() => DeadLetterLog.ReadAsync(Rig.Nats), Limit);
        var events = await Quiet.AnsweredAsync(() => Ledger.EventLog.ReadAsync(Rig.Nats), Limit);
        var findings = new LedgerCheck([.. Load.History], stored, events, letters).Findings();
        if (_fault.LosesTheTail)
        {
            // Changes that are gone have left their events, and others have taken their versions.
            findings.Lost.RemoveAll(lost => !lost.StartsWith("ticket ", StringComparison.Ordinal));
            findings.Doubled.RemoveAll(doubled => doubled.StartsWith("ticket.", StringComparison.Ordinal));
        }

        report.Ledger = findings;
        var unexpected = letters.Where(letter => !_fault.LeavesDeadLetters).Select(letter => $"dead letter of {letter.Subject}: {letter.Reason}");
        report.Findings.AddRange(unexpected);
    }

    private static async Task<bool> WorksAsync(ServiceProcess service)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tickets") { Content = JsonContent.Create(new { title = Probe.Title, created_by = "probe" }) };
            request.Headers.Add("X-Tenant-ID", Probe.Tenant);
            using var patience = new CancellationTokenSource(Patience);
            using var response = await service.Http.SendAsync(request, patience.Token);
            return response.StatusCode == System.Net.HttpStatusCode.Created;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
