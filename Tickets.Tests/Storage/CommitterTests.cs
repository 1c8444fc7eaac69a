using System.Data.Common;
using System.Runtime.Versioning;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NatsServers;
using Tickets.Handlers.Storage;

namespace Tickets.Tests.Storage;

[SupportedOSPlatform("linux")]
public sealed class CommitterTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly GroupCommitter _committer;

    public CommitterTests()
    {
        _database = new SqliteDatabase(_folder.File("test.db"));
        new Migrator(_database).Migrate();
        _committer = new GroupCommitter(_database, NullLogger<GroupCommitter>.Instance);
    }

    [Fact]
    public async Task a_unit_that_fails_leaves_its_neighbours_committed()
    {
        var units = Enumerable.Range(0, 100).Select(i => new Row(i, Fails: i % 10 == 3)).ToArray();

        var results = await Task.WhenAll(units.Select(unit => Try(() => _committer.CommitAsync(unit, default))));

        results.Count(fault => fault is InvalidOperationException).ShouldBe(10);
        Rows().ShouldBe(Enumerable.Range(0, 100).Where(i => i % 10 != 3));
    }

    [Fact]
    public async Task a_unit_that_fails_takes_back_what_it_wrote()
    {
        var both = new Row(1, Fails: true, FailsAfterWriting: true);

        (await Try(() => _committer.CommitAsync(both, default))).ShouldBeOfType<InvalidOperationException>();

        Rows().ShouldBeEmpty();
    }

    [Fact]
    public async Task a_locked_database_is_waited_for_and_reported()
    {
        await _committer.CommitAsync(new Row(1), default);
        await using var other = new SqliteConnection($"Data Source={_database.Path};Pooling=false");
        await other.OpenAsync();
        await using var held = await other.BeginTransactionAsync();

        var waiting = _committer.CommitAsync(new Row(2), default);
        await Eventually.Async(() => !_committer.Healthy, Limit, "the fault is reported");
        waiting.IsCompleted.ShouldBeFalse();
        await held.RollbackAsync();
        await waiting.WaitAsync(Limit);

        _committer.Healthy.ShouldBeTrue();
        Rows().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task a_stopped_committer_finishes_what_it_has_and_refuses_more()
    {
        var pending = Enumerable.Range(0, 1000).Select(i => _committer.CommitAsync(new Row(i), default)).ToArray();

        await _committer.DisposeAsync();

        await Task.WhenAll(pending);
        Rows().Count().ShouldBe(1000);
        await Should.ThrowAsync<ObjectDisposedException>(() => _committer.CommitAsync(new Row(1000), default));
    }

    [Fact]
    public void the_database_is_private_durable_and_for_one_process()
    {
        using var writer = _database.OpenWriter();

        writer.ExecuteScalar<string>("PRAGMA journal_mode").ShouldBe("wal");
        writer.ExecuteScalar<int>("PRAGMA synchronous").ShouldBe(2);
        writer.ExecuteScalar<int>("PRAGMA foreign_keys").ShouldBe(1);
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        using var second = new SqliteDatabase(_database.Path);
        Should.Throw<DatabaseInUseException>(second.OpenWriter).Message.ShouldContain("in use by another process");
        using var reader = second.OpenReader();
        Should.Throw<SqliteException>(() => reader.Execute("DELETE FROM ledger"));
    }

    [Fact]
    public void migrating_again_changes_nothing()
    {
        var migrator = new Migrator(_database);

        migrator.Pending().ShouldBeEmpty();
        migrator.Migrate();

        migrator.Pending().ShouldBeEmpty();
    }

    [Fact]
    public async Task a_second_entry_for_a_command_is_a_unique_violation()
    {
        var ledger = new Ledger(_database, TimeProvider.System);
        var key = new CommandKey("acme", "1");
        await _committer.CommitAsync(new Entry(ledger, key, new LedgerEntry(201, "{}")), default);

        var fault = await Try(() => _committer.CommitAsync(new Entry(ledger, key, new LedgerEntry(409, "[]")), default));

        fault.ShouldBeOfType<SqliteException>().SqliteErrorCode.ShouldBe(19);
        (await ledger.FindAsync(key, default)).ShouldBe(new LedgerEntry(201, "{}"));
        (await ledger.FindAsync(key with { Tenant = "other" }, default)).ShouldBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private IEnumerable<int> Rows()
    {
        using var reader = _database.OpenReader();
        return reader.Query<int>("SELECT status FROM ledger ORDER BY status");
    }

    private static async Task<Exception?> Try(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or SqliteException)
        {
            return e;
        }
    }

    private sealed record Row(int Number, bool Fails = false, bool FailsAfterWriting = false) : IUnitOfWork
    {
        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            if (!Fails || FailsAfterWriting)
            {
                await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO ledger (tenant, command_id, status, body, created_at) VALUES ('t', @Number, @Number, '', 0)", new { Number }, transaction);
            }

            if (Fails)
            {
                throw new InvalidOperationException($"Unit {Number} fails.");
            }
        }
    }

    private sealed record Entry(Ledger Ledger, CommandKey Key, LedgerEntry Value) : IUnitOfWork
    {
        public ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
            Ledger.InsertAsync(transaction, Key, Value, cancellation);
    }
}
