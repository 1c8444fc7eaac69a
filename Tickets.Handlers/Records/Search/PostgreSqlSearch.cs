using Dapper;

namespace Tickets.Handlers.Records.Search;

/// <summary>What a condition finds is gathered first, so that the planner can't go through an order's whole index for it.</summary>
internal sealed class PostgreSqlSearch : ISearchDialect
{
    // More matches than are ever gone through: the budget of a search ends before.
    private const int MostTexts = 100_000;

    // Some milliseconds. Words are tested for as many times the tickets of a page.
    private const int FirstRows = 10_000;
    private const int FirstTests = 4;

    public SearchCondition OnTickets(string index, string test) => new(
        test, "tickets t", string.Empty, $"t.tenant = @tenant AND {test}", SearchCondition.OfColumn);

    public SearchCondition OnTag(string parameter) => new(
        $"{parameter} = ANY (t.tags)",
        "ticket_tags t",
        string.Empty,
        $"t.tenant = @tenant AND t.tag = {parameter}",
        SearchCondition.OfColumn);

    public SearchCondition OnWords(string tenant, TicketWords words, DynamicParameters parameters)
    {
        parameters.Add("words", words.All.ToArray());
        return new SearchCondition(
            "ticket_has(t.seq, @words)", $"tickets_with(@words, {MostTexts}) t", string.Empty, "true", SearchCondition.OfText)
        {
            // A function knows nothing of a LIMIT around it.
            Counted = "tickets_with(@words, @most) t",
        };
    }

    // The index of words gathers all matches before it gives the first. Of words that many tickets have, a page is found sooner by testing
    // the first tickets of the order: the columns of many, the words of few.
    public string? First(TicketOrder order, IReadOnlyList<SearchCondition> conditions, bool continues)
    {
        var tests = conditions.ToLookup(condition => condition.TestCost > SearchCondition.OfColumn);
        return !conditions.Any(condition => condition.TestCost >= SearchCondition.OfText) ? null : $"""
            SELECT {TicketQueries.Columns}, t.seq AS Seq
            FROM (
                SELECT * FROM (SELECT * FROM tickets t WHERE t.tenant = @tenant{order.And([], continues)} {order.OrderBy()} LIMIT {FirstRows}) t
                WHERE true{order.And(tests[false], continues: false)} {order.OrderBy()} LIMIT @limit * {FirstTests}
            ) t
            WHERE true{order.And(tests[true], continues: false)}
            {order.OrderBy()} LIMIT @limit
            """;
    }

    public string Page(TicketOrder order, IReadOnlyList<SearchCondition> conditions, SearchCondition? driver, bool continues) => driver is null
        ? $"""
           SELECT {TicketQueries.Columns}, t.seq AS Seq
           FROM tickets t
           WHERE t.tenant = @tenant{order.And(conditions, continues)}
           {order.OrderBy()} LIMIT @limit
           """
        : $"""
           WITH found AS MATERIALIZED (SELECT t.seq FROM {driver.Source} WHERE {driver.Drive})
           SELECT {TicketQueries.Columns}, t.seq AS Seq
           FROM found JOIN tickets t ON t.seq = found.seq
           WHERE t.tenant = @tenant{order.And(conditions.Where(x => x != driver), continues)}
           {order.OrderBy()} LIMIT @limit
           """;
}
