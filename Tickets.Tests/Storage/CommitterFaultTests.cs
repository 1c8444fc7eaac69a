using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using NatsServers;
using Tickets.Handlers.Storage;

namespace Tickets.Tests.Storage;

public sealed class CommitterFaultTests : IAsyncDisposable
{
    private const int Busy = 5;
    private const int InputOutput = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly StoreFixture _fixture = new();

    private GroupCommitter Committer => _fixture.Committer;

    [Fact]
    public async Task a_unit_that_breaks_the_commit_itself_fails_alone()
    {
        await Committer.CommitAsync(
            new Unit("CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"),
            default);

        var (broken, others) = await CommitTogetherAsync(new Unit("INSERT INTO child VALUES (7)"));

        (await Should.ThrowAsync<SqliteException>(() => broken)).Message.ShouldContain("FOREIGN KEY");
        await Task.WhenAll(others);
        Rows().ShouldBe(others.Length);
    }

    [Fact]
    public async Task a_unit_that_ends_the_transaction_fails_alone()
    {
        var (broken, others) = await CommitTogetherAsync(new Unit("ROLLBACK"));

        await Should.ThrowAsync<Exception>(() => broken);
        await Task.WhenAll(others);
        Rows().ShouldBe(others.Length);
    }

    [Fact]
    public async Task a_fault_of_the_database_in_a_unit_is_tried_again_with_its_neighbours()
    {
        var unit = new Unit(Insert("faulty")) { FaultsOnce = new SqliteException("busy", Busy) };

        var (faulty, others) = await CommitTogetherAsync(unit);

        await Task.WhenAll([faulty, .. others]).WaitAsync(Limit);
        unit.Calls.ShouldBe(2);
        Rows().ShouldBe(others.Length + 1);
        Committer.LastFault.ShouldBeNull();
    }

    [Fact]
    public async Task a_file_that_is_away_is_waited_for_and_none_is_made_in_its_place()
    {
        var (file, away) = (_fixture.Database.Path, $"{_fixture.Database.Path}.away");
        await Committer.CommitAsync(new Unit(Insert("before")), default);

        var unit = new Unit(Insert("meanwhile")) { FaultsOnce = new SqliteException("disk I/O error", InputOutput), WhenFaulty = () => File.Move(file, away) };
        var (waiting, others) = await CommitTogetherAsync(unit);
        await Eventually.Async(() => Committer.LastFault?.Message.Contains("is gone", StringComparison.Ordinal) ?? false, Limit, "the fault is named");

        waiting.IsCompleted.ShouldBeFalse();
        File.Exists(file).ShouldBeFalse();
        File.Move(away, file);
        await Task.WhenAll([waiting, .. others]).WaitAsync(Limit);
        Rows().ShouldBe(others.Length + 2);
    }

    [Fact]
    public async Task the_fault_is_named_for_as_long_as_it_lasts()
    {
        await using var held = await HoldLockAsync();

        var waiting = Committer.CommitAsync(new Unit(Insert("a")), default);
        await Eventually.Async(() => Committer.LastFault is SqliteException { SqliteErrorCode: Busy }, Limit, "the fault is named");
        await held.DisposeAsync();

        await waiting.WaitAsync(Limit);
        Committer.LastFault.ShouldBeNull();
    }

    [Fact]
    public async Task a_caller_that_gives_up_in_the_queue_is_let_go_and_its_unit_is_not_written()
    {
        await using var held = await HoldLockAsync();
        using var patience = new CancellationTokenSource();
        var taken = Committer.CommitAsync(new Unit(Insert("taken")), patience.Token);
        await Eventually.Async(() => !Committer.Healthy, Limit, "the first unit is taken and waits for the lock");
        var queued = Committer.CommitAsync(new Unit(Insert("queued")), patience.Token);

        await patience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => queued.WaitAsync(Limit));
        taken.IsCompleted.ShouldBeFalse();
        await held.DisposeAsync();
        await taken.WaitAsync(Limit);
        await Committer.CommitAsync(new Unit(Insert("last")), default);
        Rows().ShouldBe(2);
    }

    [Fact]
    public async Task a_committer_that_stops_while_the_database_is_locked_says_so_to_who_waits()
    {
        await using var held = await HoldLockAsync();
        var waiting = Enumerable.Range(0, 300).Select(i => Committer.CommitAsync(new Unit(Insert($"{i}")), default)).ToArray();

        await Committer.DisposeAsync().AsTask().WaitAsync(Limit);

        foreach (var task in waiting)
        {
            (await Should.ThrowAsync<ObjectDisposedException>(() => task)).InnerException.ShouldBeOfType<SqliteException>();
        }
    }

    [Fact]
    public async Task a_statement_that_failed_works_the_next_time()
    {
        await Committer.CommitAsync(new Unit(Insert("a")), default);
        await Should.ThrowAsync<SqliteException>(() => Committer.CommitAsync(new Unit(Insert("a")), default));

        await Committer.CommitAsync(new Unit("INSERT INTO ledger (tenant, command_id, status, body, created_at) VALUES ('t', @id, 1, '', 0)", new { id = "b" }), default);
        await Should.ThrowAsync<SqliteException>(() =>
            Committer.CommitAsync(new Unit("INSERT INTO ledger (tenant, command_id, status, body, created_at) VALUES ('t', @id, 1, '', 0)", new { id = "b" }), default));
        await Committer.CommitAsync(new Unit("INSERT INTO ledger (tenant, command_id, status, body, created_at) VALUES ('t', @id, 1, '', 0)", new { id = "c" }), default);

        Rows().ShouldBe(3);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static string Insert(string id) => $"INSERT INTO ledger (tenant, command_id, status, body, created_at) VALUES ('t', '{id}', 1, '', 0)";

    private async Task<(Task Odd, Task[] Others)> CommitTogetherAsync(Unit odd)
    {
        // While the first is held, in a group of its own, the rest gather in one.
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = new Unit("SELECT 1") { Before = gate.Task };
        var first = Committer.CommitAsync(holding, default);
        await holding.Begun.WaitAsync(Limit);
        var before = Enumerable.Range(0, 20).Select(i => Committer.CommitAsync(new Unit(Insert($"before {i}")), default)).ToArray();
        var task = Committer.CommitAsync(odd, default);
        var after = Enumerable.Range(0, 20).Select(i => Committer.CommitAsync(new Unit(Insert($"after {i}")), default)).ToArray();
        gate.SetResult();
        await first.WaitAsync(Limit);
        return (task, [.. before, .. after]);
    }

    private async Task<SqliteConnection> HoldLockAsync()
    {
        var other = new SqliteConnection($"Data Source={_fixture.Database.Path};Pooling=false");
        await other.OpenAsync();
        await other.ExecuteAsync("BEGIN IMMEDIATE");
        return other;
    }

    private int Rows()
    {
        using var reader = _fixture.Database.OpenReader();
        return reader.ExecuteScalar<int>("SELECT count(*) FROM ledger");
    }

    private sealed class Unit(string sql, object? parameters = null) : IUnitOfWork
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Before { get; init; } = Task.CompletedTask;

        public Task Begun => _begun.Task;

        public string? Tenant => "t";

        public Exception? FaultsOnce { get; init; }

        public Action? WhenFaulty { get; init; }

        public int Calls { get; private set; }

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            _begun.TrySetResult();
            await Before;
            await transaction.Connection!.ExecuteAsync(sql, parameters, transaction);
            if (++Calls == 1 && FaultsOnce is not null)
            {
                WhenFaulty?.Invoke();
                throw FaultsOnce;
            }
        }
    }
}
