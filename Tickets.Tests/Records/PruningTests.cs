using System.Data.Common;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Records;

public sealed class PruningTests : IAsyncDisposable
{
    private readonly StoreFixture _store = new();

    [Fact]
    public async Task what_is_older_than_it_may_be_goes_and_the_rest_stays()
    {
        var ledger = new Ledger(_store.Database, _store.Clock);
        await WriteAsync(ledger, Enumerable.Range(0, 1200).Select(i => new CommandKey($"tenant{i % 7}", $"old{i}")));
        await WriteAsync(AuditAt(_store.Clock.GetUtcNow()));
        _store.Clock.Advance(TimeSpan.FromDays(31));
        await WriteAsync(ledger, [new CommandKey("tenant1", "young")]);
        await WriteAsync(AuditAt(_store.Clock.GetUtcNow()));
        var pruning = new Pruning(_store.Database, _store.Committer, new RetentionOptions { Audit = TimeSpan.FromDays(10) }, _store.Clock);

        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1201);

        (await ledger.FindAsync(new CommandKey("tenant1", "young"), CancellationToken.None)).ShouldNotBeNull();
        (await ledger.FindAsync(new CommandKey("tenant1", "old1"), CancellationToken.None)).ShouldBeNull();
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

        (await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(() => CommitAsync(
            (transaction, cancellation) => transaction.RunAsync("UPDATE audit SET record = '{}'", new { }, cancellation))))
            .Message.ShouldContain("append-only");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static AppendAudit AuditAt(DateTimeOffset time) =>
        new(new AuditRecorded(Guid.CreateVersion7(time), "acme", "ada", "ticket.created", time, Guid.NewGuid(), 1, null, null, Door.Http, Guid.NewGuid(), null));

    private Task WriteAsync(Ledger ledger, IEnumerable<CommandKey> keys) => CommitAsync(async (transaction, cancellation) =>
    {
        foreach (var key in keys)
        {
            await ledger.InsertAsync(transaction, key, new LedgerEntry(200, "{}"), cancellation);
        }
    });

    private Task WriteAsync(AppendAudit audit) => CommitAsync(async (transaction, cancellation) => await audit.ApplyAsync(transaction, cancellation));

    private Task CommitAsync(Func<DbTransaction, CancellationToken, Task> write) => _store.Committer.CommitAsync(new Unit(write), CancellationToken.None);

    private sealed class Unit(Func<DbTransaction, CancellationToken, Task> write) : IUnitOfWork
    {
        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) => await write(transaction, cancellation);
    }
}
