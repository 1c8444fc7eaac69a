using System.Data.Common;
using Dapper;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Retention;

/// <summary>Removes what is older than it may be, in small batches with pauses: commands never wait for it.</summary>
public sealed class Pruning(Database database, GroupCommitter committer, RetentionOptions options, TimeProvider clock)
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Goes through everything once.</summary>
    /// <returns>How many rows were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var table in Tables())
        {
            removed += await PruneAsync(table, cancellation);
        }

        return removed;
    }

    private IEnumerable<PrunedTable> Tables()
    {
        if (options.Ledger is { } ledger)
        {
            yield return new PrunedTable("ledger", "command_id", "created_at", time => time.ToUnixTimeMilliseconds(), ledger);
        }

        if (options.Audit is { } audit)
        {
            yield return new PrunedTable("audit", "id", "occurred_at", time => time, audit);
        }

        if (options.Notifications is { } notifications)
        {
            yield return new PrunedTable("notifications", "id", "requested_at", time => time, notifications);
        }
    }

    private async Task<int> PruneAsync(PrunedTable table, CancellationToken cancellation)
    {
        var cutoff = table.TimeOf(clock.GetUtcNow() - table.Age);
        var removed = 0;
        for (var last = new PrunedRow(string.Empty, Guid.Empty, IsOld: false); ;)
        {
            var batch = await ReadAsync(table, last, cutoff, cancellation);
            foreach (var old in batch.Where(row => row.IsOld).GroupBy(row => row.Tenant))
            {
                var removal = new Removal(table.Delete, old.Key, old.First().Key, old.Last().Key, cutoff);
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

    private async Task<IReadOnlyList<PrunedRow>> ReadAsync(PrunedTable table, PrunedRow last, object cutoff, CancellationToken cancellation)
    {
        await using var connection = await database.OpenUpkeepReaderAsync(cancellation);
        var rows = await connection.QueryAsync<(string Tenant, Guid Key, bool IsOld)>(new CommandDefinition(
            table.Batch, new { last.Tenant, last.Key, Cutoff = cutoff, Limit = BatchSize }, cancellationToken: cancellation));
        return [.. rows.Select(row => new PrunedRow(row.Tenant, row.Key, row.IsOld))];
    }

    private sealed class Removal(string delete, string tenant, Guid first, Guid last, object cutoff) : IUnitOfWork
    {
        public string? Tenant => tenant;

        public int Count { get; private set; }

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
            Count = await transaction.RunAsync(delete, new { Tenant = tenant, First = first, Last = last, Cutoff = cutoff });
    }
}
