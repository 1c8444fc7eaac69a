using Dapper;
using NatsServers;
using Tickets.Handlers.Records.Search;
using Tickets.Handlers.Storage;

namespace Tickets.Tests.Storage;

/// <summary>Searches that take long, on PostgreSQL, where connections are few.</summary>
public class SlowPages
{
    private const int Searches = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task do_not_keep_a_row_from_being_looked_up()
    {
        await using var storage = await TestStorage.CreateAsync(StorageKind.PostgreSql);
        await using var other = await storage.Database.OpenOwnerAsync(CancellationToken.None);
        await using var locks = await other.BeginTransactionAsync();
        await other.ExecuteAsync("LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE");
        var queries = new TicketSearches(storage.Database);
        var searches = Enumerable.Range(0, Searches).Select(_ => queries.FindAsync("acme", new TicketSearch(), CancellationToken.None)).ToArray();
        await Eventually.Async(WaitingAsync, waiting => waiting > 5, Limit, "searches wait for the table");

        var entry = await new Ledger(storage.Database, TimeProvider.System).FindAsync(new CommandKey("acme", Guid.NewGuid()), CancellationToken.None).WaitAsync(Limit);

        entry.ShouldBeNull();
        (await WaitingAsync()).ShouldBePositive();
        await locks.RollbackAsync();
        await Task.WhenAny(Task.WhenAll(searches));

        Task<long> WaitingAsync() => other.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted");
    }
}
