using System.Text;
using Dapper;

namespace Tickets.Handlers.Records.Search;

/// <summary>The index to go by is named: SQLite does not know how rare a value is. Words are in an FTS5 table.</summary>
internal sealed class SqliteSearch : ISearchDialect
{
    public SearchCondition OnTickets(string index, string test) => new(
        test, By(index), string.Empty, $"t.tenant = @tenant AND {test}", SearchCondition.OfColumn);

    public SearchCondition OnTag(string parameter) => new(
        $"EXISTS (SELECT 1 FROM ticket_tags WHERE tenant = @tenant AND tag = {parameter} AND seq = t.seq)",
        "ticket_tags g",
        "CROSS JOIN tickets t ON t.seq = g.seq",
        $"g.tenant = @tenant AND g.tag = {parameter}",
        SearchCondition.OfLookup);

    public SearchCondition OnWords(string tenant, TicketWords words, DynamicParameters parameters)
    {
        // Each word in quotes, so that none is an operator.
        var quoted = words.All.Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        var scope = Convert.ToHexString(Encoding.UTF8.GetBytes(tenant));
        parameters.Add("words", $"scope : t{scope} AND {{title description}} : ({string.Join(" AND ", quoted)})");
        return new SearchCondition(
            "EXISTS (SELECT 1 FROM ticket_texts WHERE ticket_texts MATCH @words AND rowid = t.seq)",
            "ticket_texts",
            "CROSS JOIN tickets t ON t.seq = ticket_texts.rowid",
            "ticket_texts MATCH @words",
            SearchCondition.OfText);
    }

    public string? First(TicketOrder order, IReadOnlyList<SearchCondition> conditions, bool continues) => null;

    public string Page(TicketOrder order, IReadOnlyList<SearchCondition> conditions, SearchCondition? driver, bool continues)
    {
        var source = driver?.Source ?? By(IndexOf(order.By, conditions));
        return $"""
            SELECT {TicketQueries.Columns}, t.seq AS Seq
            FROM {source} {driver?.Join}
            WHERE {driver?.Drive ?? "t.tenant = @tenant"}{order.And(conditions.Where(x => x != driver), continues)}
            {order.OrderBy()} LIMIT @limit
            """;
    }

    // The tickets of one status are in the order of their due dates.
    private static string IndexOf(TicketSort sort, IReadOnlyList<SearchCondition> conditions) =>
        sort == TicketSort.DueAt && conditions.Any(condition => condition.Source == By(SearchConditions.StatusIndex))
            ? SearchConditions.StatusIndex
            : SortKey.For(sort).Index;

    private static string By(string index) => $"tickets t INDEXED BY {index}";
}
