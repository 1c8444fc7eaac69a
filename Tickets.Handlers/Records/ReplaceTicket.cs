using System.Data.Common;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Stores a changed ticket.</summary>
/// <param name="Ticket">The ticket after the change, of the next version.</param>
public sealed record ReplaceTicket(Ticket Ticket) : IChange
{
    private const string Update = """
        UPDATE tickets SET title = @Title, description = @Description, status = @Status, priority = @Priority,
            assignee = @Assignee, tags = @Tags, due_at = @DueAt, version = @Version, updated_at = @UpdatedAt,
            resolved_at = @ResolvedAt, closed_at = @ClosedAt
        WHERE tenant = @Tenant AND id = @Id AND version = @Version - 1
        """;

    /// <inheritdoc/>
    public string Tenant => Ticket.Tenant;

    /// <inheritdoc/>
    /// <exception cref="VersionConflictException">Another command has changed or removed it.</exception>
    public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
        VersionConflictException.ThrowUnlessOne(await transaction.RunAsync(Update, TicketRow.Of(Ticket)), Ticket.Id);
}
