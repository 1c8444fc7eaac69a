using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Tests.Records;

namespace Tickets.Tests.Storage;

public sealed class GroupedRowsOnSqlite() : GroupedRows(StorageKind.Sqlite);

public sealed class GroupedRowsOnPostgreSql() : GroupedRows(StorageKind.PostgreSql);

/// <summary>Units of one group give the same statements their rows, which may travel together: each gets what is its own.</summary>
public abstract class GroupedRows(StorageKind kind) : IAsyncLifetime
{
    private const int Many = 60;
    private const string Entries = "SELECT count(*) FROM ledger";

    private TestStorage _storage = null!;

    public async ValueTask InitializeAsync() => _storage = await TestStorage.CreateAsync(kind);

    [Fact]
    public async Task every_ticket_gets_a_number_of_its_tenant()
    {
        var tickets = Enumerable.Range(0, Many).Select(i => TicketsFixture.New(tenant: i % 3 == 0 ? "other" : "acme")).ToArray();

        var faults = await CommitAsync(tickets.Select(ticket => new Unit(ticket.Tenant, Inserting(ticket))));

        faults.ShouldAllBe(fault => fault == null);
        NumbersOf("acme").ShouldBe(Enumerable.Range(1, Many * 2 / 3).Select(number => (long)number));
        NumbersOf("other").ShouldBe(Enumerable.Range(1, Many / 3).Select(number => (long)number));

        await CommitAsync([new Unit("acme", Inserting(tickets[1] = TicketsFixture.New()))]);
        tickets[1].Number.ShouldBe((Many * 2 / 3) + 1);

        IEnumerable<long> NumbersOf(string tenant) => tickets.Where(ticket => ticket.Tenant == tenant).Select(ticket => ticket.Number).Order();
    }

    [Fact]
    public async Task values_arrive_as_they_were_given()
    {
        string[][] tags = [[], ["plain"], ["NULL", ""], ["a\"b", @"back\slash", "{brace}, comma", "new\nline", "Zoë 🙂"]];
        var tickets = tags.Select((_, i) => TicketsFixture.New($"title {i}\t'{i}'")).ToArray();
        for (var i = 0; i < tags.Length; i++)
        {
            tickets[i] = tickets[i] with
            {
                Tags = tags[i],
                Description = i == 1 ? null : $"line\n\"{i}\"\\",
                DueAt = i == 2 ? new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(5)) : null,
            };
        }

        (await CommitAsync(tickets.Select(ticket => new Unit(ticket.Tenant, Inserting(ticket))))).ShouldAllBe(fault => fault == null);

        foreach (var ticket in tickets)
        {
            var stored = await new TicketQueries(_storage.Database, new PatientReading(NullLogger<PatientReading>.Instance)).FindAsync("acme", ticket.Id, CancellationToken.None);
            stored.ShouldNotBeNull();
            stored.Tags.ShouldBe(ticket.Tags);
            stored.ShouldBe(ticket with { Tags = stored.Tags, DueAt = ticket.DueAt?.ToUniversalTime() });
        }
    }

    [Fact]
    public async Task who_is_refused_is_refused_alone()
    {
        var ledger = new Ledger(_storage.Database, _storage.Clock);
        var taken = new CommandKey("acme", Guid.NewGuid());
        await _storage.WriteAsync("acme", (transaction, cancellation) => ledger.InsertAsync(transaction, taken, Entry, cancellation));

        var commits = new ConcurrentQueue<(object?, object?)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == StorageInstrumentation.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => commits.Enqueue((activity.GetTagItem("db.system.name"), activity.GetTagItem("db.operation.batch.size"))),
        };
        ActivitySource.AddActivityListener(listener);

        var faults = await CommitAsync(Enumerable.Range(0, Many).Select(i => new Unit("acme", async transaction =>
            await ledger.InsertAsync(transaction, i == 7 ? taken : new CommandKey("acme", Guid.NewGuid()), Entry, CancellationToken.None))));

        faults[7].ShouldBeAssignableTo<DbException>();
        faults.Count(fault => fault is not null).ShouldBe(1);
        (await _storage.ScalarAsync<int>("acme", Entries)).ShouldBe(Many);
        commits.ShouldContain((kind.ToString().ToLowerInvariant(), Many - 1), "its neighbours go on together");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task who_is_refused_for_one_of_its_rows_is_told_of_that_one(bool waitsMeanwhile)
    {
        var ledger = new Ledger(_storage.Database, _storage.Clock);
        var taken = new CommandKey("acme", Guid.NewGuid());
        await _storage.WriteAsync("acme", (transaction, cancellation) => ledger.InsertAsync(transaction, taken, Entry, cancellation));

        var faults = await CommitAsync(Enumerable.Range(0, 3).Select(i => new Unit("acme", async transaction =>
        {
            await Inserting(TicketsFixture.New())(transaction);
            await ledger.InsertAsync(transaction, i == 1 ? taken : new CommandKey("acme", Guid.NewGuid()), Entry, CancellationToken.None);
            if (waitsMeanwhile)
            {
                await ledger.FindAsync(transaction, taken, CancellationToken.None);
            }
        })));

        faults[1].ShouldBeAssignableTo<DbException>();
        faults.Count(fault => fault is not null).ShouldBe(1);
        (await _storage.ScalarAsync<int>("acme", "SELECT count(*) FROM tickets")).ShouldBe(2);
    }

    [Fact]
    public async Task who_finds_nothing_to_change_learns_it_and_nobody_else()
    {
        var ids = Enumerable.Range(0, Many).Select(_ => Guid.NewGuid()).ToArray();
        await CommitAsync(ids.Select(id => new Unit("acme", async transaction => await transaction.RunAsync(
            """
            INSERT INTO notifications (tenant, id, ticket_id, reason, channel, recipient, status, requested_at, settled_at)
            VALUES (@Tenant, @Id, @Id, 'severe', 'log', NULL, 'pending', @Now, NULL)
            """,
            new { Tenant = "acme", Id = id, Now = _storage.Clock.GetUtcNow() }))));
        var changed = new bool[Many];

        var faults = await CommitAsync(ids.Select((id, i) => new Unit("acme", async transaction =>
            changed[i] = await new SettleNotification("acme", i == 7 ? ids[6] : id, _storage.Clock.GetUtcNow(), null)
                .ApplyAsync(transaction, CancellationToken.None))));

        faults.ShouldAllBe(fault => fault == null);
        changed.Count(done => done).ShouldBe(Many - 1);
        (changed[6] ^ changed[7]).ShouldBeTrue();
        (await _storage.ScalarAsync<int>("acme", "SELECT count(*) FROM notifications WHERE status = 'pending'")).ShouldBe(1);
    }

    [Fact]
    public async Task each_reads_what_it_asks_for()
    {
        var ledger = new Ledger(_storage.Database, _storage.Clock);
        var keys = Enumerable.Range(0, Many).Select(_ => new CommandKey("acme", Guid.NewGuid())).ToArray();
        await CommitAsync(keys.Where((_, i) => i % 2 == 0).Select(key => new Unit("acme", async transaction =>
            await ledger.InsertAsync(transaction, key, Entry, CancellationToken.None))));
        var found = new LedgerEntry?[Many];

        await CommitAsync(keys.Select((key, i) => new Unit("acme", async transaction =>
            found[i] = await ledger.FindAsync(transaction, key, CancellationToken.None))));

        found.Select(entry => entry is not null).ShouldBe(Enumerable.Range(0, Many).Select(i => i % 2 == 0));
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    private static LedgerEntry Entry => new(200, "{}", null, null);

    private static Func<DbTransaction, ValueTask> Inserting(Ticket ticket) =>
        async transaction => await new InsertTicket(ticket).ApplyAsync(transaction, CancellationToken.None);

    // In one transaction.
    private async Task<IReadOnlyList<Exception?>> CommitAsync(IEnumerable<Unit> units)
    {
        PendingUnit[] group = [.. units.Select(unit => new PendingUnit(unit, CancellationToken.None))];
        using var transaction = _storage.Database.OpenGroup();
        await transaction.CommitAsync(group);
        return [.. group.Select(pending => pending.Fault)];
    }

    private sealed class Unit(string tenant, Func<DbTransaction, ValueTask> write) : IUnitOfWork
    {
        public string? Tenant => tenant;

        public ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) => write(transaction);
    }
}
