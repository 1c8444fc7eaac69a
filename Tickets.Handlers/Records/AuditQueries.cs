using System.Text.Json;
using Dapper;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads the audit trail.</summary>
public sealed class AuditQueries(Database database)
{
    private const string OfTenant = "SELECT record FROM audit WHERE tenant = @tenant AND id < @before ORDER BY id DESC LIMIT @limit";

    private const string OfTicket = """
        SELECT record FROM audit WHERE tenant = @tenant AND ticket_id = @ticketId AND id < @before ORDER BY id DESC LIMIT @limit
        """;

    /// <summary>A tenant's records, newest first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="before">The last id of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    public Task<IReadOnlyList<AuditRecorded>> ListAsync(string tenant, Guid? before, int limit, CancellationToken cancellation) =>
        QueryAsync(OfTenant, tenant, new { tenant, before = before ?? Guid.AllBitsSet, limit }, cancellation);

    /// <summary>A ticket's records, newest first, also when the ticket is gone.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="before">The last id of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    public Task<IReadOnlyList<AuditRecorded>> HistoryAsync(
        string tenant, Guid ticketId, Guid? before, int limit, CancellationToken cancellation) =>
        QueryAsync(OfTicket, tenant, new { tenant, ticketId, before = before ?? Guid.AllBitsSet, limit }, cancellation);

    private async Task<IReadOnlyList<AuditRecorded>> QueryAsync(
        string sql, string tenant, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(tenant, cancellation);
        var records = await connection.QueryAsync<string>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
        return [.. records.Select(record => JsonSerializer.Deserialize(record, WireJson.Default.AuditRecorded)!)];
    }
}
