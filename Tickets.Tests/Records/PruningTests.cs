using System.Data.Common;
using Dapper;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Records;

public sealed class PruningOnSqlite() : PruningTests(StorageKind.Sqlite);

public sealed class PruningOnPostgreSql() : PruningTests(StorageKind.PostgreSql)
{
    private const string CountDeletes = """
        CREATE SEQUENCE deletes;
        CREATE FUNCTION count_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
            'BEGIN PERFORM nextval(''tickets.deletes''); RETURN NULL; END';
        CREATE TRIGGER counted AFTER DELETE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION count_delete();
        """;

    // Each is a round trip in the writer's transaction, for which the commands of its group wait.
    [Fact]
    public async Task a_batch_takes_a_statement_for_each_tenant_and_not_for_each_row()
    {
        await WriteAsync(new Ledger(Store.Database, Store.Clock), Enumerable.Range(0, 1200).Select(i => new CommandKey($"tenant{i % 2}", Guid.NewGuid())));
        Store.Clock.Advance(TimeSpan.FromDays(31));
        await using var owner = await Store.Database.OpenOwnerAsync(CancellationToken.None);
        await owner.ExecuteAsync(CountDeletes);

        (await new Pruning(Store.Database, Store.Committer, new RetentionOptions(), Store.Clock).RunAsync(CancellationToken.None)).ShouldBe(1200);

        // Of three batches, the second has rows of both.
        (await owner.ExecuteScalarAsync<int>("SELECT last_value FROM deletes")).ShouldBe(4);
    }
}

public abstract class PruningTests(StorageKind kind) : IAsyncLifetime
{
    protected TestStorage Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await TestStorage.CreateAsync(kind);

    [Fact]
    public async Task what_is_older_than_it_may_be_goes_and_the_rest_stays()
    {
        var ledger = new Ledger(Store.Database, Store.Clock);
        var old = Enumerable.Range(0, 1200).Select(i => new CommandKey($"tenant{i % 7}", Guid.NewGuid())).ToArray();
        var young = new CommandKey("tenant1", Guid.NewGuid());
        await WriteAsync(ledger, old);
        await WriteAsync(AuditAt(Store.Clock.GetUtcNow()));
        Store.Clock.Advance(TimeSpan.FromDays(31));
        await WriteAsync(ledger, [young]);
        await WriteAsync(AuditAt(Store.Clock.GetUtcNow()));
        var pruning = new Pruning(Store.Database, Store.Committer, new RetentionOptions { Audit = TimeSpan.FromDays(10) }, Store.Clock);

        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1201);

        (await ledger.FindAsync(young, CancellationToken.None)).ShouldNotBeNull();
        (await ledger.FindAsync(old[1], CancellationToken.None)).ShouldBeNull();
        (await new AuditQueries(Store.Database).ListAsync("acme", null, 10, CancellationToken.None)).ShouldHaveSingleItem();
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task what_is_kept_for_ever_stays()
    {
        await WriteAsync(AuditAt(Store.Clock.GetUtcNow()));
        Store.Clock.Advance(TimeSpan.FromDays(10_000));

        await new Pruning(Store.Database, Store.Committer, new RetentionOptions(), Store.Clock).RunAsync(CancellationToken.None);

        (await new AuditQueries(Store.Database).ListAsync("acme", null, 10, CancellationToken.None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task what_was_written_down_is_never_changed()
    {
        await WriteAsync(AuditAt(Store.Clock.GetUtcNow()));

        (await Should.ThrowAsync<DbException>(() => Store.WriteAsync("acme", async (transaction, cancellation) =>
            await transaction.RunAsync("UPDATE audit SET record = '{}'", new { })))).Message
            .ShouldContain(kind == StorageKind.Sqlite ? "append-only" : "permission denied");
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static AppendAudit AuditAt(DateTimeOffset time) =>
        new(new AuditRecorded(Guid.CreateVersion7(time), "acme", "ada", "ticket.created", time, Guid.NewGuid(), 1, null, null, Door.Http, Guid.NewGuid(), null));

    protected async Task WriteAsync(Ledger ledger, IEnumerable<CommandKey> keys)
    {
        foreach (var tenant in keys.GroupBy(key => key.Tenant))
        {
            await Store.WriteAsync(tenant.Key, async (transaction, cancellation) =>
            {
                foreach (var key in tenant)
                {
                    await ledger.InsertAsync(transaction, key, new LedgerEntry(200, "{}"), cancellation);
                }
            });
        }
    }

    private Task WriteAsync(AppendAudit audit) =>
        Store.WriteAsync(audit.Tenant, async (transaction, cancellation) => await audit.ApplyAsync(transaction, cancellation));
}
