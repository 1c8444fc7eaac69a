using System.Data.Common;
using Tickets.Contracts;
using Tickets.Handlers.Records.Search;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Stores a new ticket and gives it the tenant's next number.</summary>
/// <param name="Ticket">The ticket; its number is set here.</param>
public sealed record InsertTicket(Ticket Ticket) : IChange
{
    private const string Insert = """
        INSERT INTO tickets (tenant, id, number, title, description, status, priority, created_by, assignee, tags, due_at,
                             version, created_at, updated_at, resolved_at, closed_at)
        VALUES (@Tenant, @Id, @Number, @Title, @Description, @Status, @Priority, @CreatedBy, @Assignee, @Tags, @DueAt,
                @Version, @CreatedAt, @UpdatedAt, @ResolvedAt, @ClosedAt)
        """;

    private static readonly Counter Numbers = new("ticket_numbers", "last_number");

    /// <inheritdoc/>
    public string Tenant => Ticket.Tenant;

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        Ticket.Number = await transaction.NextAsync(Numbers, Ticket.Tenant);
        var row = TicketRow.Of(Ticket);
        await transaction.AddAsync(Insert, row);
        await NewTicketIndex.AddAsync(transaction, row);
    }
}
