using Dapper;
using Npgsql;
using Tickets.Handlers.Storage.PostgreSql.Pipelining;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Commits a group of units in one transaction; their statements share its round trips.</summary>
internal sealed class PostgreSqlGroupTransaction(NpgsqlDataSource writers) : IGroupTransaction
{
    // One session may hold rows of many tenants. Each would keep the rest of the group waiting for as long as the first.
    private const string WaitNoLonger = "SET LOCAL lock_timeout = '100ms'";

    /// <exception cref="NpgsqlException">The server can't be heard, or ended a transaction for a reason of its own.</exception>
    public Task CommitAsync(IReadOnlyList<PendingUnit> group)
    {
        var hasWaited = false;
        return GroupAttempts.CommitAsync(group, async units =>
        {
            var isCommitted = await TryCommitAsync(units, hasWaited);
            hasWaited |= units.Any(pending => pending.IsHeldUp);
            return isCommitted;
        });
    }

    public void Dispose()
    {
        // Connections go back to their pool after each group.
    }

    private async Task<bool> TryCommitAsync(IReadOnlyList<PendingUnit> units, bool hasWaited) =>
        await TryCommitAsync(units, hasWaited, merges: true) ?? await TryCommitAsync(units, hasWaited, merges: false) ?? false;

    // Null when it is unclear who spoiled it.
    private async Task<bool?> TryCommitAsync(IReadOnlyList<PendingUnit> units, bool hasWaited, bool merges)
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (hasWaited)
        {
            await connection.ExecuteAsync(WaitNoLonger, transaction: transaction);
        }

        var pipeline = new Pipeline(transaction, merges);
        await pipeline.RunUntilAsync(Task.WhenAll(units.Select(pending => ApplyAsync(pending, pipeline))));
        if (units.Any(pending => pending.Fault is not null))
        {
            return pipeline.IsCulpritUnknown ? null : false;
        }

        using var activity = StorageInstrumentation.StartCommit("postgresql", units);
        await transaction.CommitAsync();
        return true;
    }

    // Whatever the server has against the login, such as a role that it is to be given again, is no fault of a unit.
    private async Task<NpgsqlConnection> OpenAsync()
    {
        try
        {
            return await writers.OpenConnectionAsync();
        }
        catch (PostgresException e) when (!PostgreSqlFaults.MayPass(e))
        {
            throw new NpgsqlException($"The server does not let this login in: {e.MessageText}", e);
        }
    }

    private static async Task ApplyAsync(PendingUnit pending, Pipeline pipeline)
    {
        await using var connection = new PipelinedConnection(pipeline, pending.Unit.Tenant);
        await using var transaction = new PipelinedTransaction(connection);
        var faults = new List<Exception>();
        await KeepAsync(ApplyAsync(), faults);
        await KeepAsync(connection.AddedAsync(), faults);

        // Of those that one refusal brought about, the unit's own is the one that tells.
        pending.Fault = faults.Find(fault => fault is not GroupAbortedException) ?? faults.FirstOrDefault();

        async Task ApplyAsync() => await pending.Unit.ApplyAsync(transaction, CancellationToken.None);
    }

    // Whatever a unit meets goes to its caller; its neighbours must not notice.
    private static async Task KeepAsync(Task task, List<Exception> faults)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        faults.AddRange(task.Exception?.InnerExceptions ?? []);
        if (task.IsCanceled)
        {
            faults.Add(new TaskCanceledException(task));
        }
    }
}
