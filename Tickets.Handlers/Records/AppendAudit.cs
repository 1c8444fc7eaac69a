using System.Data.Common;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Appends a record to the audit trail, once for each id.</summary>
/// <param name="Record">The record.</param>
public sealed record AppendAudit(AuditRecorded Record) : IChange
{
    private const string Insert = """
        INSERT INTO audit (tenant, id, ticket_id, version, occurred_at, record)
        VALUES (@Tenant, @Id, @TicketId, @Version, @OccurredAt, @Record)
        ON CONFLICT (tenant, id) DO NOTHING
        """;

    /// <inheritdoc/>
    public string Tenant => Record.Tenant;

    /// <inheritdoc/>
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var row = new
        {
            Record.Tenant,
            Record.Id,
            Record.TicketId,
            Record.Version,
            Record.OccurredAt,
            Record = JsonSerializer.Serialize(Record, WireJson.Default.AuditRecorded),
        };
        await transaction.AddAsync(Insert, row);

        // Whether it was there before, nobody waits to learn: what it records is written with the command's row in the ledger.
        return true;
    }
}
