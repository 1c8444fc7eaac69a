using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>
/// Commits a group of units in one transaction, one unit after another. Without savepoints: at each of them the full-text
/// index would write what it has gathered.
/// </summary>
internal sealed class SqliteGroupTransaction(SqliteDatabase database) : IGroupTransaction
{
    private SqliteWriter? _connection;
    private SqliteCheckpointer? _checkpointer;

    /// <exception cref="DbException">The transaction as a whole failed.</exception>
    public Task CommitAsync(IReadOnlyList<PendingUnit> group) => GroupAttempts.CommitAsync(group, TryCommitAsync);

    public void Dispose()
    {
        _checkpointer?.Dispose();
        _checkpointer = null;
        _connection?.Dispose();
        _connection = null;
    }

    private async Task<bool> TryCommitAsync(IReadOnlyList<PendingUnit> units)
    {
        var sound = false;
        try
        {
            _connection ??= OpenWriter();
            _checkpointer ??= new SqliteCheckpointer(_connection, database.OpenCheckpointer, database.LogPages);

            // Before the group and not after it: whatever becomes of this, what is committed is told at once, and as committed.
            await _checkpointer.FollowAsync();

            // BEGIN IMMEDIATE: the lock is taken now, not in the middle of a unit.
            await using var transaction = await _connection.BeginTransactionAsync();
            var committed = await TryApplyAsync(units, transaction);
            await (committed ? CommitAsync(transaction, units) : transaction.RollbackAsync());
            sound = true;
            return committed;
        }
        finally
        {
            if (!sound)
            {
                // After a failed commit the connection's state is not to be trusted.
                Dispose();
            }
        }
    }

    // The disk is gone, or was made read-only after an error: whoever mends that wants nothing to have failed meanwhile.
    private SqliteWriter OpenWriter()
    {
        try
        {
            return database.OpenStatementWriter();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteException($"{database.Path} can't be opened: {e.Message}", SqliteFaults.CantOpen);
        }
    }

    private static async Task CommitAsync(DbTransaction transaction, IReadOnlyList<PendingUnit> units)
    {
        using var activity = StorageInstrumentation.StartCommit("sqlite", units);
        await transaction.CommitAsync();
    }

    // Goes on after a unit that fails: nothing of this will be committed, and all that would fail are found at once.
    private static async Task<bool> TryApplyAsync(IReadOnlyList<PendingUnit> units, DbTransaction transaction)
    {
        var sound = true;
        foreach (var pending in units)
        {
            pending.Fault = null;
            try
            {
                await pending.Unit.ApplyAsync(transaction, CancellationToken.None);
            }
            catch (Exception e) when (!SqliteFaults.MayPass(e))
            {
                pending.Fault = e;
                sound = false;
            }
        }

        return sound;
    }
}
