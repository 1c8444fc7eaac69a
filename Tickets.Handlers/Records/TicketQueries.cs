using Dapper;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads a tenant's tickets.</summary>
public sealed class TicketQueries(SqliteDatabase database)
{
    private const string Columns = """
        tenant, id, number, title, description, status, priority, created_by AS CreatedBy, assignee, tags,
        due_at AS DueAt, version, created_at AS CreatedAt, updated_at AS UpdatedAt, resolved_at AS ResolvedAt, closed_at AS ClosedAt
        """;

    /// <summary>One ticket; null when the tenant has none with this id.</summary>
    public async Task<Ticket?> FindAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        var row = await connection.QuerySingleOrDefaultAsync<TicketRow>(new CommandDefinition(
            $"SELECT {Columns} FROM tickets WHERE tenant = @tenant AND id = @id",
            new { tenant, id = id.ToString() },
            cancellationToken: cancellation));
        return row?.ToTicket();
    }

    /// <summary>The newest tickets first. Ids are in order of creation, so they serve as the key.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="before">The last id of the page before; null for the first page.</param>
    /// <param name="limit">How many at most, 1 to 200.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<Ticket>> ListAsync(string tenant, Guid? before, int limit, CancellationToken cancellation)
    {
        // A condition of its own for each case, so that a later page starts at its place in the index.
        var page = before is null ? string.Empty : "AND id < @before";
        await using var connection = database.OpenReader();
        var rows = await connection.QueryAsync<TicketRow>(new CommandDefinition(
            $"SELECT {Columns} FROM tickets WHERE tenant = @tenant {page} ORDER BY id DESC LIMIT @limit",
            new { tenant, before = before?.ToString(), limit },
            cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToTicket())];
    }
}
