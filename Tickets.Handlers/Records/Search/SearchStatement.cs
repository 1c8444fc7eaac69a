namespace Tickets.Handlers.Records.Search;

/// <summary>The SQL of a search. The index to go by is chosen here, not by SQLite, which does not know how rare a value is.</summary>
internal static class SearchStatement
{
    private const string Columns = $"""
        {TicketQueries.Columns}, t.seq AS Seq
        """;

    /// <summary>Counts the matches of a condition, at most as many as <c>@most</c>.</summary>
    public static string Count(SearchCondition condition) =>
        $"SELECT count(*) FROM (SELECT 1 FROM {condition.Source} WHERE {condition.Drive} LIMIT @most)";

    /// <summary>Finds a page.</summary>
    /// <param name="order">Its order.</param>
    /// <param name="conditions">What must hold.</param>
    /// <param name="driver">The one whose matches are gone through and then sorted; null goes through the order's own index.</param>
    /// <param name="continues">Whether it begins after <c>@key</c> and <c>@seq</c>.</param>
    public static string Page(TicketOrder order, IReadOnlyList<SearchCondition> conditions, SearchCondition? driver, bool continues)
    {
        var (index, key, unique) = KeyOf(order.By);
        var direction = order.Descending ? "DESC" : "ASC";
        var compare = order.Descending ? "<" : ">";
        List<string> where = [driver?.Drive ?? "t.tenant = @tenant", .. conditions.Where(x => x != driver).Select(x => x.Test)];
        if (continues)
        {
            where.Add(unique ? $"{key} {compare} @key" : $"({key}, t.seq) {compare} (@key, @seq)");
        }

        return $"""
            SELECT {Columns}, {key} AS SortKey
            FROM {driver?.Source ?? $"tickets t INDEXED BY {index}"} {driver?.Join}
            WHERE {string.Join(" AND ", where)}
            ORDER BY {key} {direction}{(unique ? string.Empty : $", t.seq {direction}")} LIMIT @limit
            """;
    }

    private static (string Index, string Key, bool Unique) KeyOf(TicketSort sort) => sort switch
    {
        TicketSort.UpdatedAt => ("tickets_by_updated", "t.updated_at", false),
        TicketSort.Priority => ("tickets_by_urgency", "t.urgency", false),
        TicketSort.Number => ("tickets_by_number", "t.number", true),
        TicketSort.DueAt => ("tickets_by_due", "t.due", false),
        _ => ("tickets_by_id", "t.id", true),
    };
}
