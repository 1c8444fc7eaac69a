using Dapper;
using Tickets.Contracts;
using Tickets.Handlers.Records.Search;
using Tickets.Handlers.Storage.Sqlite;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Records;

/// <summary>No search goes through more than it must: SQLite is asked how it would run each.</summary>
public sealed class SearchPlanTests : IAsyncLifetime
{
    private readonly SqliteSearch _sql = new();
    private TicketsFixture _tickets = null!;

    public static TheoryData<TicketSort> Sorts => [.. Enum.GetValues<TicketSort>()];

    public async ValueTask InitializeAsync() => _tickets = await TicketsFixture.CreateAsync(StorageKind.Sqlite);

    [Theory]
    [MemberData(nameof(Sorts))]
    public void a_list_is_read_from_the_index_of_its_order_and_not_sorted(TicketSort sort)
    {
        foreach (var continues in new[] { false, true })
        {
            var plan = PlanOf(_sql.Page(new TicketOrder(sort, Descending: true), [], driver: null, continues), new SearchConditions(_sql, "acme", new()));

            plan.ShouldHaveSingleItem().ShouldStartWith("SEARCH t USING INDEX tickets_by_");
            if (continues)
            {
                plan[0].ShouldContain("<");
            }
        }
    }

    [Fact]
    public void the_tickets_of_one_status_are_in_the_order_of_their_due_dates()
    {
        var conditions = new SearchConditions(_sql, "acme", new TicketSearch { Status = TicketStatus.Closed, Priority = TicketPriority.Low });

        var plan = PlanOf(_sql.Page(new TicketOrder(TicketSort.DueAt, Descending: false), conditions.All, driver: null, continues: true), conditions);

        plan.ShouldHaveSingleItem().ShouldStartWith("SEARCH t USING INDEX tickets_by_status (tenant=? AND status=? AND ");
    }

    [Fact]
    public void every_filter_is_counted_and_gone_through_by_an_index_of_its_own()
    {
        var search = new TicketSearch
        {
            Status = TicketStatus.Open,
            Priority = TicketPriority.High,
            Assignee = "ada",
            CreatedBy = "bob",
            Tags = ["red"],
            CreatedAfter = TicketsFixture.Begin,
            UpdatedBefore = TicketsFixture.Begin,
            Words = TicketWords.From("printer"),
        };
        var conditions = new SearchConditions(_sql, "acme", search);
        conditions.All.Count.ShouldBe(8);

        foreach (var driver in conditions.All)
        {
            ShouldUseIndexes(PlanOf(TicketSearches.CountOf(driver), conditions));
            ShouldUseIndexes(PlanOf(_sql.Page(TicketOrder.Default, conditions.All, driver, continues: false), conditions));
        }

        ShouldUseIndexes(PlanOf(_sql.Page(TicketOrder.Default, conditions.All, driver: null, continues: true), conditions));
    }

    public ValueTask DisposeAsync() => _tickets.DisposeAsync();

    private static void ShouldUseIndexes(IReadOnlyList<string> plan) => plan.ShouldNotContain(
        step => step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("VIRTUAL TABLE INDEX", StringComparison.Ordinal)
            && step != "SCAN found",
        string.Join('\n', plan));

    private List<string> PlanOf(string sql, SearchConditions conditions)
    {
        foreach (var (name, value) in new (string, object)[] { ("limit", 51), ("most", 100), ("key", "x"), ("seq", 7L) })
        {
            conditions.Parameters.Add(name, value);
        }

        using var connection = ((SqliteDatabase)_tickets.Database).OpenReader();
        return [.. connection.Query($"EXPLAIN QUERY PLAN {sql}", conditions.Parameters).Select(step => (string)step.detail)];
    }
}
