using Dapper;

namespace Tickets.Handlers.Records.Search;

/// <summary>The conditions of a search, with their parameters.</summary>
internal sealed class SearchConditions
{
    /// <summary>The index of a tenant's tickets by their status, and within one by their due date.</summary>
    public const string StatusIndex = "tickets_by_status";

    private readonly ISearchDialect _dialect;
    private readonly List<SearchCondition> _conditions = [];

    public SearchConditions(ISearchDialect dialect, string tenant, TicketSearch search)
    {
        _dialect = dialect;
        Parameters.Add("tenant", tenant);
        OnColumn(StatusIndex, "status", search.Status is { } status ? WireName.Of(status) : null);
        OnColumn("tickets_by_urgency", "urgency", (int?)search.Priority);
        OnColumn("tickets_by_assignee", "assignee", search.Assignee);
        OnColumn("tickets_by_creator", "created_by", search.CreatedBy);
        OnCreation(search);
        OnChange(search);
        foreach (var (i, tag) in search.Tags.Distinct(StringComparer.Ordinal).Index())
        {
            Parameters.Add($"tag{i}", tag);
            _conditions.Add(dialect.OnTag($"@tag{i}"));
        }

        if (search.Words is { } words)
        {
            _conditions.Add(dialect.OnWords(tenant, words, Parameters));
        }
    }

    public DynamicParameters Parameters { get; } = new();

    public IReadOnlyList<SearchCondition> All => _conditions;

    private void OnColumn(string index, string column, object? value)
    {
        if (value is not null)
        {
            Parameters.Add(column, value);
            _conditions.Add(_dialect.OnTickets(index, $"t.{column} = @{column}"));
        }
    }

    // Ids begin with the millisecond of the creation, and they are indexed.
    private void OnCreation(TicketSearch search)
    {
        List<string> tests = [];
        if (search.CreatedAfter is { } after)
        {
            Parameters.Add("created_after", after);
            Parameters.Add("first_id", TimedId.LowestOf(after.ToUnixTimeMilliseconds()));
            tests.Add("t.id >= @first_id AND t.created_at > @created_after");
        }

        if (search.CreatedBefore is { } before)
        {
            Parameters.Add("created_before", before);
            Parameters.Add("end_id", TimedId.LowestOf(before.ToUnixTimeMilliseconds() + 1));
            tests.Add("t.id < @end_id AND t.created_at < @created_before");
        }

        AddRange("tickets_by_id", tests);
    }

    private void OnChange(TicketSearch search)
    {
        List<string> tests = [];
        if (search.UpdatedAfter is { } after)
        {
            Parameters.Add("updated_after", after);
            tests.Add("t.updated_at > @updated_after");
        }

        if (search.UpdatedBefore is { } before)
        {
            Parameters.Add("updated_before", before);
            tests.Add("t.updated_at < @updated_before");
        }

        AddRange("tickets_by_updated", tests);
    }

    private void AddRange(string index, List<string> tests)
    {
        if (tests.Count > 0)
        {
            _conditions.Add(_dialect.OnTickets(index, string.Join(" AND ", tests)));
        }
    }
}
