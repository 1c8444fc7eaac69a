using System.Data.Common;
using Dapper;
using Tickets.Handlers.Storage.Sqlite;

namespace Tickets.Handlers.Storage;

/// <summary>
/// Runs statements in a transaction. A row is an object whose properties have the names of the statement's parameters:
/// <c>new { Tenant, Id }</c> for <c>@Tenant</c> and <c>@Id</c>.
/// </summary>
internal static class Statements
{
    /// <returns>How many rows it changed.</returns>
    public static async ValueTask<int> RunAsync(this DbTransaction transaction, string sql, object row, CancellationToken cancellation) =>
        transaction.Connection is SqliteWriter sqlite
            ? sqlite.Run(sql, row)
            : await transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, row, transaction, cancellationToken: cancellation));

    /// <returns>The first column of its first row, an integer or a text; default when there is none.</returns>
    public static async ValueTask<T?> ReadAsync<T>(this DbTransaction transaction, string sql, object row, CancellationToken cancellation) =>
        transaction.Connection is SqliteWriter sqlite
            ? (T?)sqlite.Read(sql, row)
            : await transaction.Connection!.ExecuteScalarAsync<T>(new CommandDefinition(sql, row, transaction, cancellationToken: cancellation));
}
