using System.Data.Common;

namespace Tickets.Handlers.Storage;

/// <summary>
/// Runs statements in a unit's transaction. A row is an object whose properties have the names of the statement's parameters:
/// <c>new { Tenant, Id }</c> for <c>@Tenant</c> and <c>@Id</c>.
/// </summary>
internal static class Statements
{
    /// <returns>How many rows it changed.</returns>
    public static ValueTask<int> RunAsync(this DbTransaction transaction, string sql, object row) => Of(transaction).RunAsync(sql, row);

    /// <summary>
    /// Runs it before the unit is committed. What it meets there fails the unit, as if it had been run now; nothing that the unit
    /// does afterwards may build on it.
    /// </summary>
    public static ValueTask AddAsync(this DbTransaction transaction, string sql, object row) => transaction.AddAllAsync(sql, [row]);

    /// <summary>As <see cref="AddAsync"/>, once for each row.</summary>
    public static ValueTask AddAllAsync(this DbTransaction transaction, string sql, IReadOnlyList<object> rows) =>
        Of(transaction).AddAsync(sql, rows);

    /// <summary>
    /// Writes what follows from the row that was added last. On PostgreSQL a trigger does that, once for all rows of a statement; SQLite has
    /// only triggers for each row.
    /// </summary>
    public static ValueTask FollowAsync(this DbTransaction transaction, string sql, object row) => Of(transaction).FollowAsync(sql, row);

    /// <returns>The first column of its only row, an integer or a text; default when there is none.</returns>
    public static async ValueTask<T?> ReadAsync<T>(this DbTransaction transaction, string sql, object row) =>
        (T?)await Of(transaction).ReadAsync(sql, row);

    /// <summary>Counts on.</summary>
    /// <returns>The tenant's next number.</returns>
    public static ValueTask<long> NextAsync(this DbTransaction transaction, Counter counter, string tenant) => Of(transaction).NextAsync(counter, tenant);

    private static IRowConnection Of(DbTransaction transaction) => transaction.Connection as IRowConnection
        ?? throw new ArgumentException("Only a unit's transaction runs statements over rows.", nameof(transaction));
}
