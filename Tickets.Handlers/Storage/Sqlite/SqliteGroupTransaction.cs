using System.Data.Common;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Commits a group of units in one transaction, each in a savepoint of its own.</summary>
internal sealed class SqliteGroupTransaction(SqliteDatabase database) : IGroupTransaction
{
    private CachingConnection? _connection;

    /// <exception cref="DbException">The transaction as a whole failed.</exception>
    public async Task CommitAsync(IReadOnlyList<PendingUnit> group)
    {
        var committed = false;
        try
        {
            _connection ??= database.OpenCachingWriter();

            // BEGIN IMMEDIATE: the lock is taken now, not in the middle of a unit.
            await using var transaction = await _connection.BeginTransactionAsync();
            foreach (var pending in group)
            {
                await ApplyAsync(pending, transaction);
            }

            await transaction.CommitAsync();
            committed = true;
        }
        finally
        {
            if (!committed)
            {
                // After a failed commit the connection's state is not to be trusted.
                Dispose();
            }
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static async Task ApplyAsync(PendingUnit pending, DbTransaction transaction)
    {
        pending.Fault = null;
        Execute(transaction, "SAVEPOINT unit");
        try
        {
            await pending.Unit.ApplyAsync(transaction, CancellationToken.None);
        }
        catch (Exception e) when (!SqliteFaults.MayPass(e))
        {
            pending.Fault = e;
            Execute(transaction, "ROLLBACK TO unit");
        }

        Execute(transaction, "RELEASE unit");
    }

    private static void Execute(DbTransaction transaction, string sql)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // One of three constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
