using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Commits a group of units in one transaction; their statements share its round trips.</summary>
internal sealed class PostgreSqlGroupTransaction(NpgsqlDataSource writers) : IGroupTransaction
{
    /// <exception cref="NpgsqlException">The server can't be heard, or ended a transaction for a reason of its own.</exception>
    public Task CommitAsync(IReadOnlyList<PendingUnit> group) => GroupAttempts.CommitAsync(group, TryCommitAsync);

    public void Dispose()
    {
        // Connections go back to their pool after each group.
    }

    private async Task<bool> TryCommitAsync(IReadOnlyList<PendingUnit> units) =>
        await TryCommitAsync(units, joins: true) ?? await TryCommitAsync(units, joins: false) ?? false;

    // Null when it is unclear who spoiled it.
    private async Task<bool?> TryCommitAsync(IReadOnlyList<PendingUnit> units, bool joins)
    {
        await using var connection = await writers.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var pipeline = new Pipeline(transaction, joins);
        await pipeline.RunUntilAsync(Task.WhenAll(units.Select(pending => ApplyAsync(pending, pipeline))));
        if (units.Any(pending => pending.Fault is not null))
        {
            return pipeline.IsUnclear ? null : false;
        }

        using var activity = StorageInstrumentation.StartCommit("postgresql", units);
        await transaction.CommitAsync();
        return true;
    }

    private static async Task ApplyAsync(PendingUnit pending, Pipeline pipeline)
    {
        pending.Fault = null;
        try
        {
            await using var connection = new PipelinedConnection(pipeline, pending.Unit.Tenant);
            await using var transaction = new PipelinedTransaction(connection);
            await pending.Unit.ApplyAsync(transaction, CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever a unit throws goes to its caller; its neighbours must not notice.
        catch (Exception e)
#pragma warning restore CA1031
        {
            pending.Fault = e;
        }
    }
}
