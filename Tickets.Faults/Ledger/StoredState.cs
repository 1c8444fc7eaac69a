using System.Data.Common;
using System.Text.Json;
using Dapper;
using Tickets.Contracts;

namespace Tickets.Faults.Ledger;

/// <summary>What the database holds.</summary>
/// <param name="Tickets">The tickets.</param>
/// <param name="Changes">Every change that was made, by the audit trail.</param>
public sealed record StoredState(IReadOnlyList<StoredTicket> Tickets, IReadOnlyList<StoredChange> Changes)
{
    /// <summary>Reads it, beside the service and whatever it may see.</summary>
    public static async Task<StoredState> ReadAsync(DbConnection database)
    {
        var tickets = await database.QueryAsync<StoredTicket>(
            "SELECT tenant AS Tenant, CAST(id AS text) AS Id, CAST(version AS bigint) AS Version FROM tickets");
        List<StoredChange> changes = [];
        await foreach (var record in database.QueryUnbufferedAsync<string>("SELECT record FROM audit"))
        {
            changes.Add(StoredChange.From(JsonSerializer.Deserialize(record, WireJson.Default.AuditRecorded)!));
        }

        return new StoredState([.. tickets], changes);
    }
}
