using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;

namespace Tickets.Benchmarks;

/// <summary>Fills a database with tickets of which some values are rare and some are common.</summary>
/// <param name="tenants">How many tenants they belong to, in turn.</param>
internal sealed class ManyTickets(int tenants)
{
    // So that groups are full.
    private const int AtOnce = 1_024;
    private const long Prime = 1_000_003;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first tenant.</summary>
    public const string Tenant = "acme";

    /// <summary>Writes them.</summary>
    /// <param name="url">A database with the service's tables, as in <c>DATABASE_URL</c>.</param>
    /// <param name="count">How many.</param>
    public async Task WriteAsync(string url, int count)
    {
        await using var services = new ServiceCollection()
            .AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>))
            .AddStorage(StorageTarget.Parse(url))
            .BuildServiceProvider();
        var committer = services.GetRequiredService<GroupCommitter>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, cancellation) => await committer.CommitAsync(new Unit(new InsertTicket(New(i))), cancellation));
    }

    private Ticket New(int i) => new()
    {
        Id = Guid.CreateVersion7(Begin.AddSeconds(i)),
        Tenant = i % tenants == 0 ? Tenant : $"{Tenant}-{i % tenants}",
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

    private sealed class Unit(InsertTicket insert) : IUnitOfWork
    {
        public string? Tenant => insert.Tenant;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
            await insert.ApplyAsync(transaction, cancellation);
    }
}
