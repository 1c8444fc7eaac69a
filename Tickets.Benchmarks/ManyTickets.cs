using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.Sqlite;

namespace Tickets.Benchmarks;

/// <summary>Fills a database with tickets of which some values are rare and some are common.</summary>
internal static class ManyTickets
{
    private const int Batch = 500;
    private const long Prime = 1_000_003;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task WriteAsync(string file, string tenant, int count)
    {
        using var database = new SqliteDatabase(file);
        await new SqliteMigrator(database).MigrateAsync(CancellationToken.None);
        await using var committer = new GroupCommitter(database, NullLogger<GroupCommitter>.Instance);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(Batch))
        {
            await committer.CommitAsync(new Unit([.. chunk.Select(i => new InsertTicket(New(tenant, i)))]), CancellationToken.None);
        }
    }

    private static Ticket New(string tenant, int i) => new()
    {
        Id = Guid.CreateVersion7(Begin.AddSeconds(i)),
        Tenant = tenant,
        Title = $"Ticket {i} about everything{(i % 2 == 0 ? " half" : string.Empty)}{(i % 1000 == 0 ? " thousandth" : string.Empty)}{(i == 777 ? " unique" : string.Empty)}",
        Description = "The printer on the second floor makes a noise and then stops.",
        Status = (TicketStatus)(i % 10 == 0 ? i / 10 % 5 : 0),
        Priority = (TicketPriority)(i % 4),
        CreatedBy = $"user{i % 100}",
        Assignee = i % 3 == 0 ? null : i == 556 ? "rare" : $"agent{i % 7}",
        Tags = i % 5 == 0 ? ["common", $"tag{i % 300}"] : [],
        DueAt = i % 2 == 0 ? null : Begin.AddHours(i * 7919L % 10_000),
        Version = 1,
        CreatedAt = Begin.AddSeconds(i),
        UpdatedAt = Begin.AddSeconds(i * 104_729L % Prime),
    };

    private sealed class Unit(IReadOnlyList<InsertTicket> inserts) : IUnitOfWork
    {
        public string? Tenant => inserts[0].Tenant;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            foreach (var insert in inserts)
            {
                await insert.ApplyAsync(transaction, cancellation);
            }
        }
    }
}
