using System.Data.Common;
using Dapper;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Retention;

/// <summary>Removes what is older than it may be, in small batches with pauses: commands never wait for it.</summary>
/// <param name="database">Where it looks.</param>
/// <param name="committer">Removes.</param>
/// <param name="limits">What may be removed now.</param>
public sealed class Pruning(Database database, GroupCommitter committer, RetentionLimits limits)
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Goes through everything once, unless another process does.</summary>
    /// <returns>How many rows were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (!await database.TakeUpkeepAsync(cancellation))
        {
            return 0;
        }

        var removed = 0;
        foreach (var table in await limits.TablesAsync(cancellation))
        {
            removed += await PruneAsync(table, cancellation);
        }

        return removed;
    }

    private async Task<int> PruneAsync(PrunedTable table, CancellationToken cancellation)
    {
        var removed = 0;
        for (var last = new PrunedRow(string.Empty, Guid.Empty, IsOld: false); ;)
        {
            var batch = await ReadAsync(table, last, cancellation);
            foreach (var old in batch.Where(row => row.IsOld).GroupBy(row => row.Tenant))
            {
                var removal = new Removal(table, old.Key, old.First().Key, old.Last().Key);
                await committer.CommitAsync(removal, cancellation);
                removed += removal.Count;
            }

            if (batch.Count < BatchSize)
            {
                return removed;
            }

            last = batch[^1];
            await Task.Delay(Pause, cancellation);
        }
    }

    private async Task<IReadOnlyList<PrunedRow>> ReadAsync(PrunedTable table, PrunedRow last, CancellationToken cancellation)
    {
        // By its own type: of a property that is an object Dapper hands the value on as it is, and SQLite would compare two ways to write a time.
        var parameters = new DynamicParameters(new { last.Tenant, last.Key, Limit = BatchSize });
        parameters.Add(nameof(table.Cutoff), table.Cutoff);
        await using var connection = await database.OpenUpkeepReaderAsync(cancellation);
        var rows = await connection.QueryAsync<(string Tenant, Guid Key, bool IsOld)>(
            new CommandDefinition(table.Batch, parameters, cancellationToken: cancellation));
        return [.. rows.Select(row => new PrunedRow(row.Tenant, row.Key, row.IsOld))];
    }

    private sealed class Removal(PrunedTable table, string tenant, Guid first, Guid last) : IUnitOfWork
    {
        public string? Tenant => tenant;

        public int Count { get; private set; }

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
            Count = await transaction.RunAsync(table.Delete, new { Tenant = tenant, First = first, Last = last, table.Cutoff });
    }
}
