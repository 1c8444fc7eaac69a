using System.Data.Common;
using Dapper;

namespace Tickets.Handlers.Records;

/// <summary>Runs statements in a transaction.</summary>
internal static class Statements
{
    /// <returns>How many rows it changed.</returns>
    public static Task<int> RunAsync(this DbTransaction transaction, string sql, object row, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, row, transaction, cancellationToken: cancellation));

    /// <returns>The first column of its first row; default when there is none.</returns>
    public static Task<T?> ReadAsync<T>(this DbTransaction transaction, string sql, object row, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteScalarAsync<T>(new CommandDefinition(sql, row, transaction, cancellationToken: cancellation));
}
