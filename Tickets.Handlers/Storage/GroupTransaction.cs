using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage;

/// <summary>Commits a group of units in one transaction, each in a savepoint of its own.</summary>
internal sealed class GroupTransaction(SqliteDatabase database) : IDisposable
{
    private const string Savepoint = "unit";

    private SqliteConnection? _connection;

    /// <exception cref="SqliteException">The transaction as a whole failed; nothing of the group is written.</exception>
    public async Task CommitAsync(IReadOnlyList<PendingUnit> group)
    {
        try
        {
            _connection ??= database.OpenWriter();

            // BEGIN IMMEDIATE: the lock is taken now, not in the middle of a unit.
            await using var transaction = await _connection.BeginTransactionAsync();
            foreach (var pending in group)
            {
                await ApplyAsync(pending, transaction);
            }

            await transaction.CommitAsync();
        }
        catch (SqliteException)
        {
            // After a failed commit the connection's state is not to be trusted.
            Dispose();
            throw;
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
        await transaction.SaveAsync(Savepoint);
        try
        {
            await pending.Unit.ApplyAsync(transaction, CancellationToken.None);
            await transaction.ReleaseAsync(Savepoint);
        }
        catch (Exception e) when (e is not SqliteException fault || !SqliteFaults.MayPass(fault))
        {
            pending.Fault = e;
            await transaction.RollbackAsync(Savepoint);
        }
    }
}
