using System.Data.Common;
using Dapper;
using Tickets.Handlers.Storage;

namespace Tickets.Tests.Storage;

public sealed class CommitterOnSqlite() : CommitterTests(StorageKind.Sqlite);

public sealed class CommitterOnPostgreSql() : CommitterTests(StorageKind.PostgreSql);

public abstract class CommitterTests(StorageKind kind) : IAsyncLifetime
{
    private const string Tenant = "acme";
    private TestStorage _storage = null!;

    public async ValueTask InitializeAsync() => _storage = await TestStorage.CreateAsync(kind);

    [Fact]
    public async Task a_unit_that_fails_leaves_its_neighbours_committed()
    {
        var units = Enumerable.Range(0, 300).Select(i => new Row(i, Fails: i % 10 == 3)).ToArray();

        var results = await Task.WhenAll(units.Select(unit => Try(() => _storage.Committer.CommitAsync(unit, default))));

        results.Count(fault => fault is InvalidOperationException).ShouldBe(30);
        (await RowsAsync()).ShouldBe(Enumerable.Range(0, 300).Where(i => i % 10 != 3));
    }

    [Fact]
    public async Task a_unit_whose_statement_is_refused_leaves_its_neighbours_committed()
    {
        await _storage.Committer.CommitAsync(new Row(50), default);
        var units = Enumerable.Range(0, 100).Select(i => new Row(i)).ToArray();

        var results = await Task.WhenAll(units.Select(unit => Try(() => _storage.Committer.CommitAsync(unit, default))));

        results.Index().Where(x => x.Item is not null).ShouldHaveSingleItem().Index.ShouldBe(50);
        (await RowsAsync()).ShouldBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task a_unit_that_fails_takes_back_what_it_wrote()
    {
        var both = new Row(1, Fails: true, FailsAfterWriting: true);

        (await Try(() => _storage.Committer.CommitAsync(both, default))).ShouldBeOfType<InvalidOperationException>();

        (await RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task units_of_many_tenants_commit_together_and_each_sees_its_own()
    {
        var units = Enumerable.Range(0, 200).Select(i => new Row(i, Of: $"tenant{i % 7}")).ToArray();

        await Task.WhenAll(units.Select(unit => _storage.Committer.CommitAsync(unit, default)));

        for (var i = 0; i < 7; i++)
        {
            (await RowsAsync($"tenant{i}")).ShouldBe(Enumerable.Range(0, 200).Where(number => number % 7 == i));
        }
    }

    [Fact]
    public async Task a_stopped_committer_finishes_what_it_has_and_refuses_more()
    {
        var pending = Enumerable.Range(0, 1000).Select(i => _storage.Committer.CommitAsync(new Row(i), default)).ToArray();

        await _storage.Committer.DisposeAsync();

        await Task.WhenAll(pending);
        (await RowsAsync()).Count().ShouldBe(1000);
        await Should.ThrowAsync<ObjectDisposedException>(() => _storage.Committer.CommitAsync(new Row(1000), default));
    }

    [Fact]
    public async Task a_second_entry_for_a_command_is_refused_and_the_first_stays()
    {
        var ledger = new Ledger(_storage.Database, TimeProvider.System);
        var key = new CommandKey(Tenant, Guid.NewGuid());
        var first = new LedgerEntry(201, "{}", "abc", Guid.NewGuid());
        await WriteAsync(first);

        (await Try(() => WriteAsync(new LedgerEntry(409, "[]")))).ShouldBeAssignableTo<DbException>();

        (await ledger.FindAsync(key, default)).ShouldBe(first);
        (await ledger.FindAsync(key with { Tenant = "other" }, default)).ShouldBeNull();

        Task WriteAsync(LedgerEntry entry) =>
            _storage.WriteAsync(Tenant, (transaction, cancellation) => ledger.InsertAsync(transaction, key, entry, cancellation));
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    private async Task<IEnumerable<int>> RowsAsync(string tenant = Tenant)
    {
        await using var reader = await _storage.Database.OpenReaderAsync(tenant, default);
        return await reader.QueryAsync<int>("SELECT status FROM ledger WHERE tenant = @tenant ORDER BY status", new { tenant });
    }

    private static async Task<Exception?> Try(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or DbException)
        {
            return e;
        }
    }

    private sealed record Row(int Number, bool Fails = false, bool FailsAfterWriting = false, string Of = CommitterTests.Tenant) : IUnitOfWork
    {
        public string? Tenant => Of;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            if (!Fails || FailsAfterWriting)
            {
                var row = new { Of, Id = new Guid(Number, 0, 0, new byte[8]), Number };
                await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO ledger (tenant, command_id, status, body, created_at) VALUES (@Of, @Id, @Number, '', 0)", row, transaction);
            }

            if (Fails)
            {
                throw new InvalidOperationException($"Unit {Number} fails.");
            }
        }
    }
}
