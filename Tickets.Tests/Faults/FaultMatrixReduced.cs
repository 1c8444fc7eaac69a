using Tickets.Faults.Matrix;
using Tickets.Faults.Systems;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Faults;

/// <summary>One fault of each kind, once; <c>./tickets faults</c> runs the whole matrix, with many seeds.</summary>
public abstract class FaultMatrixReduced(StorageKind storage, ITestOutputHelper output)
{
    private const int Seed = 1;

    // Not the copy beside the tests: it would take them for extensions.
    static FaultMatrixReduced() => Rig.Program = Repository.Program;

    protected async Task NothingIsLostOrDoneTwiceAsync(string name)
    {
        var fault = FaultMatrix.All.Single(row => row.Name == name);
        Assert.SkipUnless(!fault.Plan.NeedsRoot || Environment.IsPrivilegedProcess, "a network or a disk of its own needs root");

        var report = await FaultRun.RunAsync(fault, storage, Seed, Path.Combine(Repository.Root, "data", "faults"));

        output.WriteLine($"{report.Commands} commands, recovered after {report.Recovery.TotalSeconds:F1} s; evidence: {report.Evidence}");
        report.Findings.Concat(report.Ledger.All).ShouldBeEmpty();
        report.Commands.ShouldBeGreaterThan(80);
    }
}

public sealed class FaultMatrixOnSqlite(ITestOutputHelper output) : FaultMatrixReduced(StorageKind.Sqlite, output)
{
    [Theory]
    [InlineData("worker killed at after-commit")]
    [InlineData("worker told to end (SIGTERM)")]
    [InlineData("the one NATS node killed")]
    [InlineData("SQLite log with a torn tail")]
    [InlineData("SQLite disk full")]
    [InlineData("event stream deleted, its events republished")]
    [InlineData("poison")]
    public Task nothing_is_lost_and_nothing_done_twice(string fault) => NothingIsLostOrDoneTwiceAsync(fault);
}

public sealed class FaultMatrixOnPostgreSql(ITestOutputHelper output) : FaultMatrixReduced(StorageKind.PostgreSql, output)
{
    [Theory]
    [InlineData("worker killed at published")]
    [InlineData("worker killed at before-ack")]
    [InlineData("two workers race for the same deliveries")]
    [InlineData("two of three NATS nodes stopped")]
    [InlineData("services and NATS parted, one way out")]
    [InlineData("PostgreSQL killed and started")]
    [InlineData("PostgreSQL rows of one tenant locked for 10 s")]
    [InlineData("answers to commits lost")]
    [InlineData("event stream at its maximum")]
    [InlineData("fifty writers with one If-Match")]
    [InlineData("killed in a migration, two migrate at once")]
    public Task nothing_is_lost_and_nothing_done_twice(string fault) => NothingIsLostOrDoneTwiceAsync(fault);
}
