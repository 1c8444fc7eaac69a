using System.Data.Common;
using Dapper;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;

namespace Tickets.Handlers.Records.Search;

/// <summary>
/// Searches a tenant's tickets. What meets a rare condition is gone through and sorted; when all conditions are met by
/// many, the order's own index is gone through until the page is full.
/// </summary>
public sealed class TicketSearches(Database database)
{
    // In microseconds: the longest that going through a condition's matches may take, and what one of them takes at least.
    private const double Budget = 20_000;
    private const double RowCost = 4;

    private readonly ISearchDialect _dialect = database is PostgreSqlDatabase ? new PostgreSqlSearch() : new SqliteSearch();

    /// <summary>Finds a page.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="search">What is asked for.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<TicketPage> FindAsync(string tenant, TicketSearch search, CancellationToken cancellation)
    {
        await using var connection = await database.OpenPageReaderAsync(tenant, cancellation);
        var conditions = new SearchConditions(_dialect, tenant, search);
        conditions.Parameters.Add("limit", search.Limit + 1);
        if (search.After is { } after)
        {
            conditions.Parameters.Add("key", after.Key);
            conditions.Parameters.Add("seq", after.Seq);
        }

        var found = await FirstAsync(connection, conditions, search, cancellation);
        if (found.Count <= search.Limit)
        {
            var driver = await CheapestAsync(connection, conditions, cancellation);
            found = await QueryAsync(connection, _dialect.Page(search.Order, conditions.All, driver, search.After is not null), conditions, cancellation);
        }

        var last = found.Count > search.Limit ? found[search.Limit - 1] : null;
        return new TicketPage(
            [.. found.Take(search.Limit).Select(row => row.ToTicket())],
            last is null ? null : new TicketPosition(search.Order, SortKey.For(search.Order.By).Of(last), last.Seq));
    }

    /// <summary>Counts the matches of a condition, at most as many as <c>@most</c>.</summary>
    internal static string CountOf(SearchCondition condition) =>
        $"SELECT count(*) FROM (SELECT 1 FROM {condition.Counted} WHERE {condition.Drive} LIMIT @most) AS found";

    private Task<List<FoundRow>> FirstAsync(
        DbConnection connection, SearchConditions conditions, TicketSearch search, CancellationToken cancellation) =>
        _dialect.First(search.Order, conditions.All, search.After is not null) is { } sql
            ? QueryAsync(connection, sql, conditions, cancellation)
            : Task.FromResult<List<FoundRow>>([]);

    private static async Task<List<FoundRow>> QueryAsync(
        DbConnection connection, string sql, SearchConditions conditions, CancellationToken cancellation) =>
        [.. await connection.QueryAsync<FoundRow>(new CommandDefinition(sql, conditions.Parameters, cancellationToken: cancellation))];

    // By counting, but never further than the budget reaches.
    private static async Task<SearchCondition?> CheapestAsync(
        DbConnection connection, SearchConditions conditions, CancellationToken cancellation)
    {
        SearchCondition? cheapest = null;
        var lowest = Budget;
        foreach (var condition in conditions.All)
        {
            var costOfOne = RowCost + conditions.All.Where(other => other != condition).Sum(other => other.TestCost);
            conditions.Parameters.Add("most", (int)(lowest / costOfOne));
            var count = await connection.ExecuteScalarAsync<int>(
                new CommandDefinition(CountOf(condition), conditions.Parameters, cancellationToken: cancellation));
            if ((count + 1) * costOfOne < lowest)
            {
                (cheapest, lowest) = (condition, count * costOfOne);
            }
        }

        return cheapest;
    }
}
