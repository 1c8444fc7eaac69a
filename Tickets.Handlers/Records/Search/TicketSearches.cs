using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records.Search;

/// <summary>
/// Searches a tenant's tickets. What meets a rare condition is gone through and sorted; when all conditions are met by
/// many, the order's own index is gone through until the page is full.
/// </summary>
public sealed class TicketSearches(SqliteDatabase database)
{
    // In microseconds: the longest that going through a condition's matches may take, and what one of them takes at least.
    private const double Budget = 20_000;
    private const double RowCost = 4;

    /// <summary>Finds a page.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="search">What is asked for.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<TicketPage> FindAsync(string tenant, TicketSearch search, CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        var conditions = new SearchConditions(tenant, search);
        var driver = await CheapestAsync(connection, conditions, cancellation);
        var sql = SearchStatement.Page(search.Order, conditions.All, driver, search.After is not null);
        conditions.Parameters.Add("limit", search.Limit + 1);
        if (search.After is { } after)
        {
            conditions.Parameters.Add("key", KeyOf(after));
            conditions.Parameters.Add("seq", after.Seq);
        }

        var found = (await connection.QueryAsync<FoundRow>(
            new CommandDefinition(sql, conditions.Parameters, cancellationToken: cancellation))).ToList();
        var last = found.Count > search.Limit ? found[search.Limit - 1] : null;
        return new TicketPage(
            [.. found.Take(search.Limit).Select(row => row.ToTicket())],
            last is null ? null : new TicketPosition(search.Order, Convert.ToString(last.SortKey, CultureInfo.InvariantCulture)!, last.Seq));
    }

    // By counting, but never further than the budget reaches.
    private static async Task<SearchCondition?> CheapestAsync(
        SqliteConnection connection, SearchConditions conditions, CancellationToken cancellation)
    {
        SearchCondition? cheapest = null;
        var lowest = Budget;
        foreach (var condition in conditions.All)
        {
            var costOfOne = RowCost + conditions.All.Where(other => other != condition).Sum(other => other.TestCost);
            conditions.Parameters.Add("most", (int)(lowest / costOfOne));
            var count = await connection.ExecuteScalarAsync<int>(
                new CommandDefinition(SearchStatement.Count(condition), conditions.Parameters, cancellationToken: cancellation));
            if ((count + 1) * costOfOne < lowest)
            {
                (cheapest, lowest) = (condition, count * costOfOne);
            }
        }

        return cheapest;
    }

    private static object KeyOf(TicketPosition position) => position.Order.By is TicketSort.Number or TicketSort.Priority
        ? long.Parse(position.Key, CultureInfo.InvariantCulture)
        : position.Key;
}
