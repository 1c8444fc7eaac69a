using System.Data.Common;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Appends a record to the audit trail.</summary>
/// <param name="Record">The record.</param>
public sealed record AppendAudit(AuditRecorded Record) : IChange
{
    private const string Insert = """
        INSERT INTO audit (tenant, id, ticket_id, version, occurred_at, record)
        VALUES (@Tenant, @Id, @TicketId, @Version, @OccurredAt, @Record)
        """;

    /// <inheritdoc/>
    public string Tenant => Record.Tenant;

    /// <inheritdoc/>
    public ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
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
        return transaction.AddAsync(Insert, row);
    }
}
