using System.Globalization;
using Dapper;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads the audit trail.</summary>
public sealed class AuditQueries(SqliteDatabase database)
{
    /// <summary>Records, newest first.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Record)>> ListAsync(string tenant, Guid? ticketId, Guid? before, int limit, CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        var rows = await connection.QueryAsync<(string Id, string Record)>(new CommandDefinition(
            $"SELECT id, record FROM audit WHERE tenant = @tenant {(ticketId is null ? "" : "AND ticket_id = @ticketId")} {(before is null ? "" : "AND id < @before")} ORDER BY id DESC LIMIT @limit",
            new { tenant, ticketId = ticketId?.ToString(), before = before?.ToString(), limit },
            cancellationToken: cancellation));
        return [.. rows.Select(row => (Guid.Parse(row.Id, CultureInfo.InvariantCulture), row.Record))];
    }
}
