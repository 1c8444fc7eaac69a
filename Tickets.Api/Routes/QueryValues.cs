using Microsoft.AspNetCore.Http.Extensions;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>Reads the parameters of a query, each given once and not empty.</summary>
internal static class QueryValues
{
    /// <summary>The parameter that says where a page begins.</summary>
    public const string Page = "cursor";

    /// <exception cref="InvalidQueryException">There is one that is not known.</exception>
    public static void Expect(IQueryCollection query, IReadOnlyCollection<string> known)
    {
        if (query.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
        {
            throw new InvalidQueryException(
                unknown, known.Count == 0 ? "is not a known parameter; there are none" : $"is not a known parameter; known are {string.Join(", ", known.Order())}");
        }
    }

    /// <returns>Null when it is not there.</returns>
    /// <exception cref="InvalidQueryException">It is repeated, empty, or no text.</exception>
    public static string? One(IQueryCollection query, string name) => query[name] switch
    {
        { Count: 0 } => null,
        [{ Length: > 0 } value] => Text(name, value),
        _ => throw new InvalidQueryException(name, "must be given once and not be empty"),
    };

    /// <returns>The texts of a parameter that may be repeated, trimmed.</returns>
    /// <exception cref="InvalidQueryException">One of them is empty, or no text.</exception>
    public static IReadOnlyList<string> Many(IQueryCollection query, string name) =>
    [
        .. query[name].Select(value => string.IsNullOrWhiteSpace(value) ? throw new InvalidQueryException(name, "must not be empty") : Text(name, value.Trim())),
    ];

    /// <param name="query">The query.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="rule">What it must be.</param>
    /// <param name="parse">Null when it is not that.</param>
    /// <exception cref="InvalidQueryException">It is malformed.</exception>
    public static T? Read<T>(IQueryCollection query, string name, string rule, Func<string, T?> parse)
        where T : struct => One(query, name) is { } text
        ? parse(text) ?? throw new InvalidQueryException(name, $"must be {rule}")
        : null;

    /// <exception cref="InvalidQueryException">It is no time.</exception>
    public static DateTimeOffset? Time(IQueryCollection query, string name) => Read(
        query,
        name,
        "an RFC 3339 time such as 2026-01-31T09:00:00Z",
        text => TimeConverter.TryParse(text, out var time) ? time : (DateTimeOffset?)null);

    // Nothing that is stored has one, and PostgreSQL takes it for a fault.
    private static string Text(string name, string value) =>
        value.Contains('\0', StringComparison.Ordinal) ? throw new InvalidQueryException(name, "must not hold U+0000") : value;

    /// <summary>Tells the address of the next page: that of the request, with another cursor (RFC 8288).</summary>
    public static void LinkNext(this HttpResponse response, string cursor)
    {
        var request = response.HttpContext.Request;
        var query = new QueryBuilder(request.Query.Where(pair => pair.Key != Page)) { { Page, cursor } };
        response.Headers.Link = $"<{request.Path}{query}>; rel=\"next\"";
    }
}
