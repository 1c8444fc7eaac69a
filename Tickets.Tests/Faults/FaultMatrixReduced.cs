using Tickets.Faults.Matrix;
using Tickets.Faults.Systems;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Faults;

/// <summary>One fault of each kind, once; <c>./tickets faults</c> runs the whole matrix, with many seeds.</summary>
[Collection(Alone.Name)]
public sealed class FaultMatrixReduced(ITestOutputHelper output)
{
    private const int Seed = 1;

    // Not the copy beside the tests: it would take them for extensions.
    static FaultMatrixReduced() => Rig.Program = Repository.Program;

    [Theory]
    [InlineData("worker killed at after-commit", StorageKind.Sqlite)]
    [InlineData("worker killed at published", StorageKind.PostgreSql)]
    [InlineData("worker killed at before-ack", StorageKind.PostgreSql)]
    [InlineData("worker told to end (SIGTERM)", StorageKind.Sqlite)]
    [InlineData("two workers race for the same deliveries", StorageKind.PostgreSql)]
    [InlineData("the one NATS node killed", StorageKind.Sqlite)]
    [InlineData("two of three NATS nodes stopped", StorageKind.PostgreSql)]
    [InlineData("services and NATS parted, one way out", StorageKind.PostgreSql)]
    [InlineData("PostgreSQL killed and started", StorageKind.PostgreSql)]
    [InlineData("answers to commits lost", StorageKind.PostgreSql)]
    [InlineData("SQLite log with a torn tail", StorageKind.Sqlite)]
    [InlineData("SQLite disk full", StorageKind.Sqlite)]
    [InlineData("event stream at its maximum", StorageKind.PostgreSql)]
    [InlineData("event stream deleted, its events republished", StorageKind.Sqlite)]
    [InlineData("poison", StorageKind.Sqlite)]
    [InlineData("fifty writers with one If-Match", StorageKind.PostgreSql)]
    [InlineData("killed in a migration, two migrate at once", StorageKind.PostgreSql)]
    public async Task nothing_is_lost_and_nothing_done_twice(string name, StorageKind storage)
    {
        var fault = FaultMatrix.All.Single(row => row.Name == name);
        Assert.SkipUnless(!fault.Plan.NeedsRoot || Environment.IsPrivilegedProcess, "a network or a disk of its own needs root");

        var report = await FaultRun.RunAsync(fault, storage, Seed, Path.Combine(Repository.Root, "data", "faults"));

        output.WriteLine($"{report.Commands} commands, recovered after {report.Recovery.TotalSeconds:F1} s; evidence: {report.Evidence}");
        report.Findings.Concat(report.Ledger.All).ShouldBeEmpty();
        report.Commands.ShouldBeGreaterThan(80);
    }
}
