using System.Globalization;

namespace Tickets.Api.Routes;

/// <summary>Which page of a list is asked for: <c>limit</c>, 1 to 200, default 50, and <c>cursor</c>.</summary>
/// <param name="Limit">How many at most.</param>
/// <param name="After">The last id of the page before; null for the first page.</param>
internal sealed record PageRequest(int Limit, Guid? After)
{
    private const int DefaultLimit = 50;
    private const int LargestLimit = 200;

    /// <exception cref="InvalidQueryException">A value can't be used.</exception>
    public static ValueTask<PageRequest> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        return Cursor.TryRead(query[QueryValues.Page], out var after)
            ? ValueTask.FromResult(new PageRequest(LimitOf(query), after))
            : throw new InvalidQueryException(QueryValues.Page, "is not one that this service gave");
    }

    /// <summary>The page's size.</summary>
    /// <exception cref="InvalidQueryException">It can't be used.</exception>
    public static int LimitOf(IQueryCollection query) => query["limit"] switch
    {
        { Count: 0 } => DefaultLimit,
        [{ } text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LargestLimit => limit,
        _ => throw new InvalidQueryException("limit", $"must be 1 to {LargestLimit}"),
    };

    /// <summary>The page of what was found, which is one more than the page's size when there is a next page.</summary>
    public Page<T> Cut<T>(IReadOnlyList<T> found, Func<T, Guid> idOf, HttpResponse response) =>
        found.Count <= Limit ? Of(found, hasMore: false, idOf, response) : Of([.. found.Take(Limit)], hasMore: true, idOf, response);

    /// <summary>The page of these.</summary>
    public Page<T> Of<T>(IReadOnlyList<T> items, bool hasMore, Func<T, Guid> idOf, HttpResponse response)
    {
        if (!hasMore)
        {
            return new Page<T>(items, null);
        }

        var next = Cursor.Write(idOf(items[^1]));
        response.LinkNext(next);
        return new Page<T>(items, next);
    }
}
