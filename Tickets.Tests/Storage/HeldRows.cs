using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using NatsServers;
using Npgsql;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Storage;

/// <summary>Rows of a tenant that another session of the database has locked, such as an operator's open transaction.</summary>
public sealed class HeldRows : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly LogLines<GroupCommitter> _log = new();
    private NpgsqlConnection _other = null!;
    private NpgsqlTransaction _holds = null!;
    private PostgreSqlDatabase _database = null!;
    private GroupCommitter _committer = null!;

    public async ValueTask InitializeAsync()
    {
        var connectionString = ((StorageTarget.PostgreSql)StorageTarget.Parse(await SharedPostgreSql.NewDatabaseAsync())).ConnectionString;
        _other = new NpgsqlConnection($"{connectionString};Search Path=tickets");
        await _other.OpenAsync();
        await _other.ExecuteAsync("INSERT INTO ticket_numbers (tenant, last_number) VALUES ('acme', 0), ('globex', 0), ('umbrella', 0)");
        _holds = await _other.BeginTransactionAsync();
        await _other.ExecuteAsync("UPDATE ticket_numbers SET last_number = 100 WHERE tenant = 'acme'");
        _database = new PostgreSqlDatabase(connectionString);
        _committer = new GroupCommitter(_database, _log);
    }

    [Fact]
    public async Task keep_only_their_own_tenant_waiting()
    {
        var (held, others) = await TogetherAsync(["acme", "acme"], ["globex", "umbrella", "globex"]);

        await Task.WhenAll(others).WaitAsync(Limit);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CountAsync("umbrella"))).WaitAsync(Limit);
        held.ShouldAllBe(waiting => !waiting.IsCompleted);
        _committer.Healthy.ShouldBeTrue();

        await _holds.CommitAsync();
        await Task.WhenAll(held).WaitAsync(Limit);
        (await NumbersAsync()).ShouldBe([102, 2, 11]);

        // Only that tenant was set aside, once.
        await Eventually.Async(() => _log.Count == 2, Limit, "it is told that the rows are free");
        _log.ShouldAllBe(line => line.Contains("rows of tenant 'acme'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task of_many_tenants_keep_the_others_waiting_once_and_not_for_each_of_them()
    {
        string[] tenants = [.. Enumerable.Range(0, 15).Select(i => $"held-{i:00}")];
        await _holds.RollbackAsync();
        await _other.ExecuteAsync("INSERT INTO ticket_numbers (tenant, last_number) SELECT unnest(@tenants), 0", new { tenants });
        _holds = await _other.BeginTransactionAsync();
        await _other.ExecuteAsync("SELECT FROM ticket_numbers WHERE tenant = ANY (@tenants) FOR UPDATE", new { tenants });

        var (held, others) = await TogetherAsync(tenants, ["globex", "umbrella"]);

        await Task.WhenAll(others).WaitAsync(Limit);
        held.ShouldAllBe(waiting => !waiting.IsCompleted);
        await _holds.RollbackAsync();
        await Task.WhenAll(held).WaitAsync(Limit);
        (await _other.ExecuteScalarAsync<long>("SELECT sum(last_number) FROM ticket_numbers")).ShouldBe(17);
    }

    [Fact]
    public async Task are_waited_for_as_long_each_time()
    {
        ConcurrentQueue<string> limits = [];
        var held = _committer.CommitAsync(new Unit("acme", CountAsync), CancellationToken.None);

        await Eventually.Async(() => limits.Count >= 3, Limit, "it is tried again and again");
        await _holds.RollbackAsync();

        await held.WaitAsync(Limit);
        limits.ShouldAllBe(limit => limit == "2s");

        async ValueTask CountAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            limits.Enqueue((await transaction.Connection!.ExecuteScalarAsync<string>("SELECT current_setting('lock_timeout')", transaction: transaction))!);
            await transaction.Connection!.ExecuteAsync(CountSql("acme"), transaction: transaction);
        }
    }

    [Fact]
    public async Task let_through_who_of_their_tenant_needs_others()
    {
        var held = CountAsync("acme");
        await Eventually.Async(() => _other.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted"), waiting => waiting > 0, Limit, "it waits for the row");

        await WriteAsync("acme", "INSERT INTO ledger (tenant, command_id, status, body, created_at) VALUES ('acme', gen_random_uuid(), 200, '{}', 0)").WaitAsync(Limit);

        held.IsCompleted.ShouldBeFalse();
        await _holds.RollbackAsync();
        await held.WaitAsync(Limit);
        (await NumbersAsync()).ShouldBe([1, 0, 0]);
    }

    [Fact]
    public async Task are_no_longer_waited_for_when_the_process_stops()
    {
        var (held, others) = await TogetherAsync(["acme"], ["globex"]);
        await Task.WhenAll(others).WaitAsync(Limit);

        await _committer.DisposeAsync().AsTask().WaitAsync(Limit);

        (await Should.ThrowAsync<ObjectDisposedException>(() => held[0])).InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe("55P03");
    }

    [Fact]
    public async Task are_something_else_than_a_table_that_nobody_can_write()
    {
        await _other.ExecuteAsync("LOCK TABLE ticket_numbers");

        var (held, others) = await TogetherAsync(["acme"], ["globex"]);

        await Eventually.Async(() => _committer.LastFault is PostgresException { SqlState: "55P03" }, Limit, "the database is said to be at fault");
        await _holds.RollbackAsync();
        await Task.WhenAll([.. held, .. others]).WaitAsync(Limit);
        _committer.Healthy.ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        await _holds.DisposeAsync();
        await _other.DisposeAsync();
        await _committer.DisposeAsync();
        _database.Dispose();
    }

    // While the first is held, the rest gather in one group.
    private async Task<(Task[] Held, Task[] Others)> TogetherAsync(string[] held, string[] others)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = _committer.CommitAsync(new Unit("globex", BeginAsync), CancellationToken.None);
        await begun.Task;
        (Task[] Held, Task[] Others) waiting = ([.. held.Select(CountAsync)], [.. others.Select(CountAsync)]);
        gate.SetResult();
        await first;
        return waiting;

        async ValueTask BeginAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            begun.TrySetResult();
            await gate.Task;
        }
    }

    private Task CountAsync(string tenant) => WriteAsync(tenant, CountSql(tenant));

    private static string CountSql(string tenant) => $"UPDATE ticket_numbers SET last_number = last_number + 1 WHERE tenant = '{tenant}'";

    private Task WriteAsync(string tenant, string sql) => _committer.CommitAsync(
        new Unit(tenant, async (transaction, _) => await transaction.Connection!.ExecuteAsync(sql, transaction: transaction)), CancellationToken.None);

    private async Task<IEnumerable<long>> NumbersAsync() => await _other.QueryAsync<long>("SELECT last_number FROM ticket_numbers ORDER BY tenant");

    private sealed class Unit(string tenant, Func<DbTransaction, CancellationToken, ValueTask> write) : IUnitOfWork
    {
        public string? Tenant => tenant;

        public ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) => write(transaction, cancellation);
    }
}
