using Dapper;
using Tickets.Contracts;
using Tickets.Handlers.Records.Search;

namespace Tickets.Tests.Records;

/// <summary>No search goes through more than it must: SQLite is asked how it would run each.</summary>
public sealed class SearchPlanTests : IAsyncDisposable
{
    private readonly TicketsFixture _tickets = new();

    public static TheoryData<TicketSort> Sorts => [.. Enum.GetValues<TicketSort>()];

    [Theory]
    [MemberData(nameof(Sorts))]
    public void a_list_is_read_from_the_index_of_its_order_and_not_sorted(TicketSort sort)
    {
        foreach (var continues in new[] { false, true })
        {
            var plan = PlanOf(SearchStatement.Page(new TicketOrder(sort, Descending: true), [], driver: null, continues), new SearchConditions("acme", new()));

            plan.ShouldHaveSingleItem().ShouldStartWith("SEARCH t USING INDEX tickets_by_");
            if (continues)
            {
                plan[0].ShouldContain("<");
            }
        }
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
        var conditions = new SearchConditions("acme", search);
        conditions.All.Count.ShouldBe(8);

        foreach (var driver in conditions.All)
        {
            ShouldUseIndexes(PlanOf(SearchStatement.Count(driver), conditions));
            ShouldUseIndexes(PlanOf(SearchStatement.Page(TicketOrder.Default, conditions.All, driver, continues: false), conditions));
        }

        ShouldUseIndexes(PlanOf(SearchStatement.Page(TicketOrder.Default, conditions.All, driver: null, continues: true), conditions));
    }

    public ValueTask DisposeAsync() => _tickets.DisposeAsync();

    private static void ShouldUseIndexes(IReadOnlyList<string> plan) => plan.ShouldNotContain(
        step => step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("VIRTUAL TABLE INDEX", StringComparison.Ordinal)
            && !step.StartsWith("SCAN (subquery", StringComparison.Ordinal),
        string.Join('\n', plan));

    private List<string> PlanOf(string sql, SearchConditions conditions)
    {
        foreach (var (name, value) in new (string, object)[] { ("limit", 51), ("most", 100), ("key", "x"), ("seq", 7L) })
        {
            conditions.Parameters.Add(name, value);
        }

        using var connection = _tickets.Database.OpenReader();
        return [.. connection.Query($"EXPLAIN QUERY PLAN {sql}", conditions.Parameters).Select(step => (string)step.detail)];
    }
}
