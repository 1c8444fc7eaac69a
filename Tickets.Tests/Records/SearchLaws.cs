using CsCheck;
using Tickets.Contracts;
using Tickets.Handlers.Records.Search;
using Tickets.Tests.Fixtures;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Records;

public sealed class SearchLawsOnSqlite() : SearchLaws(StorageKind.Sqlite);

public sealed class SearchLawsOnPostgreSql() : SearchLaws(StorageKind.PostgreSql);

/// <summary>Whatever is stored and asked for, the pages are what going through all tickets would give.</summary>
public abstract class SearchLaws(StorageKind kind) : IAsyncLifetime
{
    private TicketsFixture _fixture = null!;

    private static readonly string[] Names = ["ada", "bob", "eve"];
    private static readonly string[] Tags = ["red", "green", "blue"];
    private static readonly string[] Words = ["printer", "scanner", "smoke"];

    private static readonly Gen<Ticket> Ticket = Gen.Select(
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50], Gen.Int[-1, 20]),
        Gen.Select(Gen.Enum<TicketStatus>(), Gen.Enum<TicketPriority>()),
        Gen.Select(Gen.Int[0, 2], Gen.Int[-1, 2]),
        Gen.Int[0, 2].HashSet[0, 3],
        Gen.Int[0, 2].HashSet[1, 3],
        (times, kind, people, tags, words) => TicketsFixture.New(string.Join(' ', words.Select(i => Words[i])), times.Item1) with
        {
            UpdatedAt = TicketsFixture.Begin.AddSeconds(times.Item2),
            DueAt = times.Item3 < 0 ? null : TicketsFixture.Begin.AddDays(times.Item3),
            Status = kind.Item1,
            Priority = kind.Item2,
            CreatedBy = Names[people.Item1],
            Assignee = people.Item2 < 0 ? null : Names[people.Item2],
            Tags = [.. tags.Select(i => Tags[i])],
        });

    private static readonly Gen<TicketSearch> Search = Gen.Select(
        Gen.Select(Maybe(Gen.Enum<TicketStatus>()), Maybe(Gen.Enum<TicketPriority>())),
        Gen.Select(Gen.Int[-6, 2], Gen.Int[-6, 2], Gen.Int[-3, 2]),
        Gen.Int[0, 2].HashSet[0, 2],
        Gen.Select(Maybe(Gen.Int[0, 50]), Maybe(Gen.Int[0, 50]), Maybe(Gen.Int[0, 50]), Maybe(Gen.Int[0, 50])),
        Gen.Select(Gen.Enum<TicketSort>(), Gen.Bool, Gen.Int[1, 7]),
        (kind, people, tags, times, order) => new TicketSearch
        {
            Status = kind.Item1,
            Priority = kind.Item2,
            CreatedBy = people.Item1 < 0 ? null : Names[people.Item1],
            Assignee = people.Item2 < 0 ? null : Names[people.Item2],
            Words = people.Item3 < 0 ? null : TicketWords.From(Words[people.Item3]),
            Tags = tags.Count == 2 ? [.. tags.Select(i => Tags[i])] : [],
            CreatedAfter = TimeOf(times.Item1),
            CreatedBefore = times.Item1 is null ? TimeOf(times.Item2) : null,
            UpdatedAfter = TimeOf(times.Item3),
            UpdatedBefore = times.Item3 is null ? TimeOf(times.Item4) : null,
            Order = new TicketOrder(order.Item1, order.Item2),
            Limit = order.Item3,
        });

    public async ValueTask InitializeAsync() => _fixture = await TicketsFixture.CreateAsync(kind);

    [Fact]
    public async Task pages_hold_what_matches_in_its_order_each_once() => await Ticket.List[0, 40].SelectMany(
        tickets => Search.List[1, 10].Select(searches => (tickets, searches))).SampleAsync(
        async sample =>
        {
            var tenant = RunningService.NewTenant();
            var stored = await _fixture.AddAsync(sample.tickets.Select(ticket => ticket with { Tenant = tenant }));
            foreach (var search in sample.searches)
            {
                (await _fixture.FindAsync(search, tenant)).Select(ticket => ticket.Number)
                    .ShouldBe(Expected(stored, search).Select(ticket => ticket.Number), $"{search}");
            }
        },
        iter: 60);

    [Fact]
    public async Task paging_meets_every_ticket_once_while_others_are_written() => await Gen.Select(Gen.Int[1, 60], Gen.Int[1, 9]).SampleAsync(
        async (count, limit) =>
        {
            var tenant = RunningService.NewTenant();
            var earlier = await _fixture.AddAsync(Enumerable.Range(0, count).Select(i => TicketsFixture.New($"{i}", i, tenant)));
            List<long> met = [];
            var search = new TicketSearch { Limit = limit };
            for (TicketPage? page = null; page is null || page.Next is not null;)
            {
                page = await _fixture.Searches.FindAsync(tenant, search with { After = page?.Next }, CancellationToken.None);
                met.AddRange(page.Tickets.Select(ticket => ticket.Number));
                await _fixture.AddAsync(TicketsFixture.New("newer", 1000 + met.Count, tenant), TicketsFixture.New("newer", 2000 + met.Count, tenant));
            }

            met.ShouldBe(earlier.Select(ticket => ticket.Number).OrderDescending());
        },
        iter: 30);

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : struct => Gen.Select(Gen.Int[0, 3], gen, (there, value) => there == 0 ? value : (T?)null);

    private static DateTimeOffset? TimeOf(int? second) => second is { } age ? TicketsFixture.Begin.AddSeconds(age) : null;

    private static IEnumerable<Ticket> Expected(IEnumerable<Ticket> stored, TicketSearch search)
    {
        var matching = stored.Where(ticket =>
            (search.Status is null || ticket.Status == search.Status)
            && (search.Priority is null || ticket.Priority == search.Priority)
            && (search.CreatedBy is null || ticket.CreatedBy == search.CreatedBy)
            && (search.Assignee is null || ticket.Assignee == search.Assignee)
            && search.Tags.All(ticket.Tags.Contains)
            && (search.CreatedAfter is null || ticket.CreatedAt > search.CreatedAfter)
            && (search.CreatedBefore is null || ticket.CreatedAt < search.CreatedBefore)
            && (search.UpdatedAfter is null || ticket.UpdatedAt > search.UpdatedAfter)
            && (search.UpdatedBefore is null || ticket.UpdatedAt < search.UpdatedBefore)
            && (search.Words is null || Words.Any(word => search.Words.All.Contains(word) && ticket.Title.Contains(word))));
        var sorted = matching.OrderBy(ticket => KeyOf(ticket, search.Order.By)).ThenBy(ticket => ticket.Number);
        return search.Order.Descending ? sorted.Reverse() : sorted;
    }

    private static string KeyOf(Ticket ticket, TicketSort sort) => sort switch
    {
        TicketSort.UpdatedAt => ticket.UpdatedAt.ToString("O"),
        TicketSort.Priority => ((int)ticket.Priority).ToString("D2"),
        TicketSort.Number => ticket.Number.ToString("D9"),
        TicketSort.DueAt => ticket.DueAt?.ToString("O") ?? "~",
        _ => ticket.Id.ToString(),
    };
}
