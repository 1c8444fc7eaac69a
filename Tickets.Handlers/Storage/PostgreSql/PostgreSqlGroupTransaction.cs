using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>
/// Commits a group of units in one transaction. Units that fail are taken out, the others tried again without them, and
/// each that failed tried once more by itself: it may have met a neighbour's doing.
/// </summary>
internal sealed class PostgreSqlGroupTransaction(NpgsqlDataSource writers) : IGroupTransaction
{
    /// <exception cref="NpgsqlException">The server can't be heard, or ended a transaction for a reason of its own.</exception>
    public async Task CommitAsync(IReadOnlyList<PendingUnit> group)
    {
        // In the order of their tenants: two groups that wait for the same rows must not wait for each other.
        var units = group.Where(pending => !pending.IsSettled).OrderBy(pending => pending.Unit.Tenant, StringComparer.Ordinal).ToList();
        List<PendingUnit> spoilers = [];
        while (units.Count > 1 && !await TryCommitAsync(units))
        {
            spoilers.AddRange(units.Where(IsSpoiler));
            units.RemoveAll(IsSpoiler);
        }

        foreach (var pending in units.Count == 1 ? [.. units, .. spoilers] : spoilers)
        {
            await TryCommitAsync([pending]);
            pending.IsSettled = true;
        }
    }

    public void Dispose()
    {
        // Connections go back to their pool after each group.
    }

    private static bool IsSpoiler(PendingUnit pending) => pending.Fault is not null and not GroupAbortedException;

    /// <returns>False when nothing was written; then at least one unit says why.</returns>
    private async Task<bool> TryCommitAsync(IReadOnlyList<PendingUnit> units)
    {
        await using var connection = await writers.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var pipeline = new Pipeline(transaction);
        await pipeline.RunUntilAsync(Task.WhenAll(units.Select(pending => ApplyAsync(pending, pipeline))));
        if (units.Any(pending => pending.Fault is not null))
        {
            return false;
        }

        await transaction.CommitAsync();
        foreach (var pending in units)
        {
            pending.IsSettled = true;
        }

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
