using System.Data.Common;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Records;

public sealed class PruningOnSqlite() : PruningTests(StorageKind.Sqlite);

public sealed class PruningOnPostgreSql() : PruningTests(StorageKind.PostgreSql);

public abstract class PruningTests(StorageKind kind) : IAsyncLifetime
{
    private TestStorage _store = null!;

    public async ValueTask InitializeAsync() => _store = await TestStorage.CreateAsync(kind);

    [Fact]
    public async Task what_is_older_than_it_may_be_goes_and_the_rest_stays()
    {
        var ledger = new Ledger(_store.Database, _store.Clock);
        var old = Enumerable.Range(0, 1200).Select(i => new CommandKey($"tenant{i % 7}", Guid.NewGuid())).ToArray();
        var young = new CommandKey("tenant1", Guid.NewGuid());
        await WriteAsync(ledger, old);
        await WriteAsync(AuditAt(_store.Clock.GetUtcNow()));
        _store.Clock.Advance(TimeSpan.FromDays(31));
        await WriteAsync(ledger, [young]);
        await WriteAsync(AuditAt(_store.Clock.GetUtcNow()));
        var pruning = new Pruning(_store.Database, _store.Committer, new RetentionOptions { Audit = TimeSpan.FromDays(10) }, _store.Clock);

        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1201);

        (await ledger.FindAsync(young, CancellationToken.None)).ShouldNotBeNull();
        (await ledger.FindAsync(old[1], CancellationToken.None)).ShouldBeNull();
        (await new AuditQueries(_store.Database).ListAsync("acme", null, 10, CancellationToken.None)).ShouldHaveSingleItem();
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task what_is_kept_for_ever_stays()
    {
        await WriteAsync(AuditAt(_store.Clock.GetUtcNow()));
        _store.Clock.Advance(TimeSpan.FromDays(10_000));

        await new Pruning(_store.Database, _store.Committer, new RetentionOptions(), _store.Clock).RunAsync(CancellationToken.None);

        (await new AuditQueries(_store.Database).ListAsync("acme", null, 10, CancellationToken.None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task what_was_written_down_is_never_changed()
    {
        await WriteAsync(AuditAt(_store.Clock.GetUtcNow()));

        (await Should.ThrowAsync<DbException>(() => _store.WriteAsync("acme", async (transaction, cancellation) =>
            await transaction.RunAsync("UPDATE audit SET record = '{}'", new { })))).Message
            .ShouldContain(kind == StorageKind.Sqlite ? "append-only" : "permission denied");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static AppendAudit AuditAt(DateTimeOffset time) =>
        new(new AuditRecorded(Guid.CreateVersion7(time), "acme", "ada", "ticket.created", time, Guid.NewGuid(), 1, null, null, Door.Http, Guid.NewGuid(), null));

    private async Task WriteAsync(Ledger ledger, IEnumerable<CommandKey> keys)
    {
        foreach (var tenant in keys.GroupBy(key => key.Tenant))
        {
            await _store.WriteAsync(tenant.Key, async (transaction, cancellation) =>
            {
                foreach (var key in tenant)
                {
                    await ledger.InsertAsync(transaction, key, new LedgerEntry(200, "{}"), cancellation);
                }
            });
        }
    }

    private Task WriteAsync(AppendAudit audit) =>
        _store.WriteAsync(audit.Tenant, async (transaction, cancellation) => await audit.ApplyAsync(transaction, cancellation));
}
