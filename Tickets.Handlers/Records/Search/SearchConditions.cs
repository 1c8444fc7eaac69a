using Dapper;

namespace Tickets.Handlers.Records.Search;

/// <summary>The conditions of a search, with their parameters.</summary>
internal sealed class SearchConditions
{
    private readonly List<SearchCondition> _conditions = [];

    public SearchConditions(string tenant, TicketSearch search)
    {
        Parameters.Add("tenant", tenant);
        OnColumn("tickets_by_status", "status", search.Status is { } status ? WireName.Of(status) : null);
        OnColumn("tickets_by_urgency", "urgency", (int?)search.Priority);
        OnColumn("tickets_by_assignee", "assignee", search.Assignee);
        OnColumn("tickets_by_creator", "created_by", search.CreatedBy);
        OnCreation(search);
        OnChange(search);
        foreach (var (i, tag) in search.Tags.Distinct(StringComparer.Ordinal).Index())
        {
            Parameters.Add($"tag{i}", tag);
            _conditions.Add(SearchCondition.OnTag($"@tag{i}"));
        }

        if (search.Words is { } words)
        {
            Parameters.Add("words", words.ToMatch(tenant));
            _conditions.Add(SearchCondition.OnWords("@words"));
        }
    }

    public DynamicParameters Parameters { get; } = new();

    public IReadOnlyList<SearchCondition> All => _conditions;

    private void OnColumn(string index, string column, object? value)
    {
        if (value is not null)
        {
            Parameters.Add(column, value);
            _conditions.Add(SearchCondition.OnTickets(index, $"t.{column} = @{column}"));
        }
    }

    // Ids begin with the millisecond of the creation, and they are indexed.
    private void OnCreation(TicketSearch search)
    {
        List<string> tests = [];
        if (search.CreatedAfter is { } after)
        {
            Parameters.Add("created_after", Timestamp.Write(after));
            Parameters.Add("first_id", FirstIdOf(after));
            tests.Add("t.id >= @first_id AND t.created_at > @created_after");
        }

        if (search.CreatedBefore is { } before)
        {
            Parameters.Add("created_before", Timestamp.Write(before));
            Parameters.Add("end_id", FirstIdOf(before.AddMilliseconds(1)));
            tests.Add("t.id < @end_id AND t.created_at < @created_before");
        }

        AddRange("tickets_by_id", tests);
    }

    private void OnChange(TicketSearch search)
    {
        List<string> tests = [];
        if (search.UpdatedAfter is { } after)
        {
            Parameters.Add("updated_after", Timestamp.Write(after));
            tests.Add("t.updated_at > @updated_after");
        }

        if (search.UpdatedBefore is { } before)
        {
            Parameters.Add("updated_before", Timestamp.Write(before));
            tests.Add("t.updated_at < @updated_before");
        }

        AddRange("tickets_by_updated", tests);
    }

    private void AddRange(string index, List<string> tests)
    {
        if (tests.Count > 0)
        {
            _conditions.Add(SearchCondition.OnTickets(index, string.Join(" AND ", tests)));
        }
    }

    private static string FirstIdOf(DateTimeOffset time)
    {
        var hex = Math.Max(time.ToUnixTimeMilliseconds(), 0).ToString("x12", System.Globalization.CultureInfo.InvariantCulture);
        return $"{hex[..8]}-{hex[8..]}-0000-0000-000000000000";
    }
}
