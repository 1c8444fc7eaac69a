using Tickets.Api.Description;
using Tickets.Contracts;
using Tickets.Handlers;
using Tickets.Handlers.Records.Search;

namespace Tickets.Api.Routes;

/// <summary>Which tickets a list asks for, from the query.</summary>
/// <param name="Search">What is asked for.</param>
internal sealed record TicketQuery(TicketSearch Search)
{
    /// <summary>What can be asked for, beside the page.</summary>
    public static readonly DescribedParameter[] Parameters =
    [
        DescribedParameter.Query("status", "Where it stands.", "open"),
        DescribedParameter.Query("priority", "How urgent it is.", "high"),
        DescribedParameter.Query("assignee", "Who works on it.", "bob"),
        DescribedParameter.Query("created_by", "Who asked for it.", "ada"),
        DescribedParameter.Query("tag", "A tag that it has; repeated, tags that it all has.", "hardware"),
        DescribedParameter.Query("created_after", "Created later than this.", "2026-01-31T09:00:00Z"),
        DescribedParameter.Query("created_before", "Created earlier than this.", "2026-12-31T09:00:00Z"),
        DescribedParameter.Query("updated_after", "Last changed later than this.", "2026-01-31T09:00:00Z"),
        DescribedParameter.Query("updated_before", "Last changed earlier than this.", "2026-12-31T09:00:00Z"),
        DescribedParameter.Query("q", "Words that title and description hold, whatever their case and accents.", "printer fire"),
        DescribedParameter.Query("sort", $"The order: {TicketOrder.Rule}. Default -created_at.", "-updated_at"),
    ];

    private static readonly HashSet<string> Known = [.. Parameters.Select(parameter => parameter.Name), "limit", QueryValues.Page];

    /// <exception cref="InvalidQueryException">A parameter is unknown, repeated or malformed.</exception>
    public static ValueTask<TicketQuery> BindAsync(HttpContext context) => ValueTask.FromResult(From(context.Request.Query));

    /// <exception cref="InvalidQueryException">A parameter is unknown, repeated or malformed.</exception>
    public static TicketQuery From(IQueryCollection query)
    {
        QueryValues.Expect(query, Known);
        var order = QueryValues.Read(query, "sort", TicketOrder.Rule, text => TicketOrder.TryParse(text, out var read) ? read : (TicketOrder?)null)
            ?? TicketOrder.Default;
        var search = new TicketSearch
        {
            Status = ReadWord<TicketStatus>(query, "status"),
            Priority = ReadWord<TicketPriority>(query, "priority"),
            Assignee = QueryValues.One(query, "assignee"),
            CreatedBy = QueryValues.One(query, "created_by"),
            Tags = ReadTags(query),
            CreatedAfter = QueryValues.Time(query, "created_after"),
            CreatedBefore = QueryValues.Time(query, "created_before"),
            UpdatedAfter = QueryValues.Time(query, "updated_after"),
            UpdatedBefore = QueryValues.Time(query, "updated_before"),
            Words = ReadWords(query),
            Order = order,
            After = ReadPosition(query, order),
            Limit = PageRequest.LimitOf(query),
        };
        return new TicketQuery(search);
    }

    private static T? ReadWord<T>(IQueryCollection query, string name)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(WireName.Of, value => value, StringComparer.Ordinal);
        return QueryValues.Read(query, name, string.Join(", ", words.Keys), text => words.TryGetValue(text, out var value) ? value : (T?)null);
    }

    private static IReadOnlyList<string> ReadTags(IQueryCollection query)
    {
        var tags = QueryValues.Many(query, "tag").Distinct(StringComparer.Ordinal).ToArray();
        return tags.Length <= TicketSearch.MostTags
            ? tags
            : throw new InvalidQueryException("tag", $"may name {TicketSearch.MostTags} tags at most; no ticket has more");
    }

    private static TicketWords? ReadWords(IQueryCollection query) => QueryValues.One(query, "q") is { } text
        ? TicketWords.From(text) ?? throw new InvalidQueryException("q", $"must hold a letter or digit, and at most {TicketWords.Longest} characters")
        : null;

    private static TicketPosition? ReadPosition(IQueryCollection query, TicketOrder order) => QueryValues.One(query, QueryValues.Page) is { } cursor
        ? TicketPosition.TryParse(cursor, order, out var position)
            ? position
            : throw new InvalidQueryException(QueryValues.Page, "is not one that this service gave for this order")
        : null;
}
