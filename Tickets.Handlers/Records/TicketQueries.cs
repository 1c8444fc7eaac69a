using Dapper;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads a tenant's tickets.</summary>
public sealed class TicketQueries(Database database, PatientReading patience)
{
    internal const string Columns = """
        t.tenant, t.id, t.number, t.title, t.description, t.status, t.priority, t.created_by AS CreatedBy, t.assignee, t.tags,
        t.due_at AS DueAt, t.version, t.created_at AS CreatedAt, t.updated_at AS UpdatedAt, t.resolved_at AS ResolvedAt,
        t.closed_at AS ClosedAt
        """;

    /// <summary>One ticket; null when the tenant has none with this id.</summary>
    public async Task<Ticket?> FindAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(tenant, cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<TicketRow>(new CommandDefinition(
            $"SELECT {Columns} FROM tickets t WHERE t.tenant = @tenant AND t.id = @id",
            new { tenant, id },
            cancellationToken: cancellation));
        return row?.ToTicket();
    }

    /// <summary>As <see cref="FindAsync"/>, for a handler: while the database is at fault, it waits.</summary>
    /// <exception cref="System.Data.Common.DbException">The process stops while the fault lasts.</exception>
    internal Task<Ticket?> LoadAsync(string tenant, Guid id, CancellationToken cancellation) =>
        patience.AskAsync(token => FindAsync(tenant, id, token), cancellation);
}
