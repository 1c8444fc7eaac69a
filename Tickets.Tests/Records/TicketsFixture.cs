using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Records.Search;
using Tickets.Handlers.Storage;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Records;

/// <summary>Tickets in a database of their own.</summary>
public sealed class TicketsFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TestStorage _storage;

    private TicketsFixture(TestStorage storage) => _storage = storage;

    public Database Database => _storage.Database;

    public TicketSearches Searches => new(_storage.Database);

    public static async Task<TicketsFixture> CreateAsync(StorageKind kind) => new(await TestStorage.CreateAsync(kind));

    public static Ticket New(string title = "t", int age = 0, string tenant = "acme") => new()
    {
        Id = Guid.CreateVersion7(Begin.AddSeconds(age)),
        Tenant = tenant,
        Title = title,
        Status = TicketStatus.Open,
        Priority = TicketPriority.Medium,
        CreatedBy = "ada",
        Version = 1,
        CreatedAt = Begin.AddSeconds(age),
        UpdatedAt = Begin.AddSeconds(age),
    };

    public async Task<IReadOnlyList<Ticket>> AddAsync(params IEnumerable<Ticket> tickets)
    {
        var added = tickets.ToArray();
        foreach (var tenant in added.GroupBy(ticket => ticket.Tenant))
        {
            await WriteAsync([.. tenant.Select(ticket => new InsertTicket(ticket))]);
        }

        return added;
    }

    public Task WriteAsync(params IReadOnlyList<IChange> changes) => _storage.WriteAsync(changes[0].Tenant, async (transaction, cancellation) =>
    {
        foreach (var change in changes)
        {
            await change.ApplyAsync(transaction, cancellation);
        }
    });

    /// <summary>All pages of a search, one after another.</summary>
    public async Task<IReadOnlyList<Ticket>> FindAsync(TicketSearch search, string tenant = "acme")
    {
        List<Ticket> found = [];
        for (TicketPage? page = null; page is null || page.Next is not null;)
        {
            page = await Searches.FindAsync(tenant, search with { After = page?.Next }, CancellationToken.None);
            found.AddRange(page.Tickets);
            page.Tickets.Count.ShouldBeLessThanOrEqualTo(search.Limit);
        }

        return found;
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();
}
