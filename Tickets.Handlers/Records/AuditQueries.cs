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

    // A record holds a ticket before and after its change, up to half a megabyte: 200 of those would be 200 MB in memory.
    private const int MostCharacters = 4 * 1024 * 1024;

    /// <summary>A page of a tenant's records, newest first. One with large records ends before it has as many as are asked for.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ticketId">The one ticket whose records are wanted, also when it is gone; null for those of all.</param>
    /// <param name="before">The last id of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<AuditPage> PageAsync(string tenant, Guid? ticketId, Guid? before, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenPageReaderAsync(tenant, cancellation);
        var parameters = new { tenant, ticketId, before = before ?? Guid.AllBitsSet, limit = limit + 1 };
        List<AuditRecorded> records = [];
        var characters = 0;
        await foreach (var json in connection.QueryUnbufferedAsync<string>(ticketId is null ? OfTenant : OfTicket, parameters).WithCancellation(cancellation))
        {
            if (records.Count == limit || characters >= MostCharacters)
            {
                return new AuditPage(records, HasMore: true);
            }

            characters += json.Length;
            records.Add(RecordOf(json));
        }

        return new AuditPage(records, HasMore: false);
    }

    /// <summary>A ticket's records, newest first, also when the ticket is gone.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<AuditRecorded>> HistoryAsync(
        string tenant, Guid ticketId, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenPageReaderAsync(tenant, cancellation);
        var parameters = new { tenant, ticketId, before = Guid.AllBitsSet, limit };
        return [.. (await connection.QueryAsync<string>(new CommandDefinition(OfTicket, parameters, cancellationToken: cancellation))).Select(RecordOf)];
    }

    private static AuditRecorded RecordOf(string json) => JsonSerializer.Deserialize(json, WireJson.Default.AuditRecorded)!;
}
