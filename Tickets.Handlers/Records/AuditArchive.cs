using System.Runtime.CompilerServices;
using Dapper;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Goes through the audit trail of all tenants, oldest first, a batch at a time.</summary>
public sealed class AuditArchive(Database database)
{
    private const int Batch = 500;

    private const string NextTenant = "SELECT tenant FROM audit WHERE tenant > @last ORDER BY tenant LIMIT 1";
    private const string Count = "SELECT count(*) FROM audit WHERE tenant = @tenant AND id > @first AND id < @last";
    private const string Select = "SELECT id, record FROM audit WHERE tenant = @tenant AND id > @first AND id < @last ORDER BY id LIMIT @limit";

    /// <summary>All tenants that have records.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellation) => KnownTenants.ReadAsync(database, NextTenant, cancellation);

    /// <summary>How many records a tenant has in a span.</summary>
    public async Task<long> CountAsync(string tenant, AuditSpan span, CancellationToken cancellation)
    {
        await using var connection = await database.OpenPageReaderAsync(tenant, cancellation);
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(Count, new { tenant, first = span.First, last = span.Last }, cancellationToken: cancellation));
    }

    /// <summary>A tenant's records in a span. No connection is held between two batches.</summary>
    public async IAsyncEnumerable<IReadOnlyList<StoredAudit>> ReadAsync(
        string tenant, AuditSpan span, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var first = span.First; ;)
        {
            var batch = await ReadAsync(tenant, first, span.Last, cancellation);
            if (batch.Count > 0)
            {
                yield return batch;
                first = batch[^1].Id;
            }

            if (batch.Count < Batch)
            {
                yield break;
            }
        }
    }

    private async Task<IReadOnlyList<StoredAudit>> ReadAsync(string tenant, Guid first, Guid last, CancellationToken cancellation)
    {
        await using var connection = await database.OpenPageReaderAsync(tenant, cancellation);
        var rows = await connection.QueryAsync<(Guid Id, string Record)>(
            new CommandDefinition(Select, new { tenant, first, last, limit = Batch }, cancellationToken: cancellation));
        return [.. rows.Select(row => new StoredAudit(row.Id, row.Record))];
    }
}
