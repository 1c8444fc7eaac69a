using System.Data.Common;
using Dapper;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Api.Commands;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Tickets.Tests.Fixtures;
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

        (await PruningOf(new RetentionOptions()).RunAsync(CancellationToken.None)).ShouldBe(1200);

        // Of three batches, the second has rows of both.
        (await owner.ExecuteScalarAsync<int>("SELECT last_value FROM deletes")).ShouldBe(4);
    }

    [Fact]
    public async Task one_of_the_processes_that_share_the_database_prunes_until_it_ends_or_loses_its_session()
    {
        await using var second = TestStorage.Beside(Store);
        await using var third = TestStorage.Beside(Store);
        (await PruningOf(new RetentionOptions()).RunAsync(CancellationToken.None)).ShouldBe(0);
        await WriteAsync(new Ledger(Store.Database, Store.Clock), [new CommandKey("acme", Guid.NewGuid())]);
        Store.Clock.Advance(TimeSpan.FromDays(31));

        (await PruningOf(new RetentionOptions(), second).RunAsync(CancellationToken.None)).ShouldBe(0);

        await using var owner = await Store.Database.OpenOwnerAsync(CancellationToken.None);
        await owner.ExecuteAsync("SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        (await PruningOf(new RetentionOptions(), second).RunAsync(CancellationToken.None)).ShouldBe(1);

        await WriteAsync(new Ledger(Store.Database, Store.Clock), [new CommandKey("acme", Guid.NewGuid())]);
        Store.Clock.Advance(TimeSpan.FromDays(31));
        (await PruningOf(new RetentionOptions()).RunAsync(CancellationToken.None)).ShouldBe(0);
        second.Database.Dispose();
        (await PruningOf(new RetentionOptions(), third).RunAsync(CancellationToken.None)).ShouldBe(1);
    }
}

public abstract class PruningTests(StorageKind kind) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly LogLines<RetentionLimits> _log = new();
    private NatsServer _nats = null!;
    private NatsConnection _connection = null!;
    private NatsJSContext _jetStream = null!;

    protected TestStorage Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Store = await TestStorage.CreateAsync(kind);
        _nats = await NatsServer.StartAsync();
        _connection = _nats.Connect();
        _jetStream = new NatsJSContext(_connection);
        await CreateCommandStreamAsync();
    }

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
        var pruning = PruningOf(new RetentionOptions { Audit = TimeSpan.FromDays(10) });

        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1201);

        (await ledger.FindAsync(young, CancellationToken.None)).ShouldNotBeNull();
        (await ledger.FindAsync(old[1], CancellationToken.None)).ShouldBeNull();
        (await new AuditQueries(Store.Database).PageAsync("acme", ticketId: null, before: null, 10, CancellationToken.None)).Records.ShouldHaveSingleItem();
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(0);
    }

    // On the day of the limit the rest of the time counts: SQLite compares texts.
    [Fact]
    public async Task what_is_older_by_two_hours_goes_and_what_is_younger_by_two_stays()
    {
        Store.Clock.Advance(TimeSpan.FromHours(6));
        var now = Store.Clock.GetUtcNow();
        var limit = TimeSpan.FromDays(10);
        var (old, young) = (now - limit - TimeSpan.FromHours(2), now - limit + TimeSpan.FromHours(2));
        await WriteAsync(AuditAt(old));
        await WriteAsync(AuditAt(young));
        await RequestNotificationAsync(old);
        await RequestNotificationAsync(young);

        (await PruningOf(new RetentionOptions { Audit = limit, Notifications = limit }).RunAsync(CancellationToken.None)).ShouldBe(2);

        (await new AuditQueries(Store.Database).PageAsync("acme", ticketId: null, before: null, 10, CancellationToken.None)).Records.ShouldHaveSingleItem().OccurredAt.ShouldBe(young);
        (await Store.ScalarAsync<long>("acme", "SELECT count(*) FROM notifications")).ShouldBe(1);
    }

    [Fact]
    public async Task what_is_kept_for_ever_stays()
    {
        await WriteAsync(AuditAt(Store.Clock.GetUtcNow()));
        Store.Clock.Advance(TimeSpan.FromDays(10_000));

        await PruningOf(new RetentionOptions()).RunAsync(CancellationToken.None);

        (await new AuditQueries(Store.Database).PageAsync("acme", ticketId: null, before: null, 10, CancellationToken.None)).Records.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task while_a_command_waits_the_ledger_remembers_what_it_did_when_that_was_accepted()
    {
        var ledger = new Ledger(Store.Database, Store.Clock);
        var (older, younger) = (new CommandKey("acme", Guid.NewGuid()), new CommandKey("acme", Guid.NewGuid()));
        var accepted = DateTimeOffset.UtcNow;
        await WriteAtAsync(accepted.AddDays(-31), older);
        await WriteAtAsync(accepted.AddDays(-29), younger);
        (await _jetStream.PublishAsync("ticket.commands.acme.create", "{}")).EnsureSuccess();
        GoTo(accepted.AddDays(40));
        var pruning = PruningOf(new RetentionOptions());

        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1);
        (await ledger.FindAsync(older, CancellationToken.None)).ShouldBeNull();
        (await ledger.FindAsync(younger, CancellationToken.None)).ShouldNotBeNull();

        await _jetStream.PurgeStreamAsync("TICKET_COMMANDS", new StreamPurgeRequest());
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1);

        Task WriteAtAsync(DateTimeOffset time, CommandKey key)
        {
            GoTo(time);
            return WriteAsync(ledger, [key]);
        }
    }

    [Fact]
    public async Task while_nobody_can_tell_since_when_commands_wait_the_ledger_alone_is_kept_and_that_is_said_once()
    {
        await WriteAsync(new Ledger(Store.Database, Store.Clock), [new CommandKey("acme", Guid.NewGuid())]);
        await WriteAsync(AuditAt(Store.Clock.GetUtcNow()));
        Store.Clock.Advance(TimeSpan.FromDays(31));
        var pruning = PruningOf(new RetentionOptions { Audit = TimeSpan.FromDays(10) });

        await _nats.StopAsync();
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1);
        (await new AuditQueries(Store.Database).PageAsync("acme", ticketId: null, before: null, 10, CancellationToken.None)).Records.ShouldBeEmpty();
        await _nats.RestartAsync();
        await Eventually.Async(async () => await _jetStream.DeleteStreamAsync("TICKET_COMMANDS"), deleted => deleted, Limit, "the server is there again");
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(0);
        _log.ShouldHaveSingleItem().ShouldContain("TICKET_COMMANDS can't be asked");

        await CreateCommandStreamAsync();
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task what_was_written_down_is_never_changed()
    {
        await WriteAsync(AuditAt(Store.Clock.GetUtcNow()));

        (await Should.ThrowAsync<DbException>(() => Store.WriteAsync("acme", async (transaction, cancellation) =>
            await transaction.RunAsync("UPDATE audit SET record = '{}'", new { })))).Message
            .ShouldContain(kind == StorageKind.Sqlite ? "append-only" : "permission denied");
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _nats.DisposeAsync();
        await Store.DisposeAsync();
    }

    private async Task CreateCommandStreamAsync() => await _jetStream.CreateStreamAsync(
        new StreamConfig("TICKET_COMMANDS", ["ticket.commands.>"]) { Retention = StreamConfigRetention.Workqueue });

    /// <param name="options">How long things are kept.</param>
    /// <param name="other">Where another process works; null for this one.</param>
    protected Pruning PruningOf(RetentionOptions options, TestStorage? other = null) => new(
        (other ?? Store).Database, (other ?? Store).Committer, new RetentionLimits(options, new CommandBacklog(() => _jetStream), Store.Clock, _log));

    private void GoTo(DateTimeOffset time) => Store.Clock.Advance(time - Store.Clock.GetUtcNow());

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

    private Task RequestNotificationAsync(DateTimeOffset time) => Store.WriteAsync("acme", async (transaction, cancellation) => await transaction.RunAsync(
        """
        INSERT INTO notifications (tenant, id, ticket_id, reason, channel, status, requested_at)
        VALUES ('acme', @Id, @TicketId, 'assigned', 'log', 'delivered', @Time)
        """,
        new { Id = Guid.NewGuid(), TicketId = Guid.NewGuid(), Time = time }));

    private Task WriteAsync(AppendAudit audit) =>
        Store.WriteAsync(audit.Tenant, async (transaction, cancellation) => await audit.ApplyAsync(transaction, cancellation));
}
