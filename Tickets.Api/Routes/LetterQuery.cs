using System.Globalization;
using Tickets.Api.DeadLetters;
using Tickets.Api.Description;

namespace Tickets.Api.Routes;

/// <summary>Which dead letters a list asks for, from the query.</summary>
/// <param name="Filter">Which, of any tenant.</param>
/// <param name="After">The sequence after which the page begins.</param>
/// <param name="Limit">How many at most.</param>
internal sealed record LetterQuery(LetterFilter Filter, ulong After, int Limit)
{
    /// <summary>What can be asked for, beside the page.</summary>
    public static readonly DescribedParameter[] Parameters =
    [
        DescribedParameter.Query("reason", "What the reason holds, whatever its case.", "is required"),
        DescribedParameter.Query("since", "Given up at this time or later.", "2026-01-31T09:00:00Z"),
        DescribedParameter.Query("until", "Given up before this time.", "2026-12-31T09:00:00Z"),
    ];

    /// <exception cref="InvalidQueryException">A parameter is repeated or malformed.</exception>
    public static ValueTask<LetterQuery> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var filter = new LetterFilter
        {
            Reason = QueryValues.One(query, "reason"),
            Since = QueryValues.Time(query, "since"),
            Until = QueryValues.Time(query, "until"),
        };
        var after = QueryValues.Read(
            query, QueryValues.Page, "one that this service gave", text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : (ulong?)null);
        return ValueTask.FromResult(new LetterQuery(filter, after ?? 0, PageRequest.LimitOf(query)));
    }
}
