using System.Data.Common;
using Tickets.Contracts;

namespace Tickets.Handlers.Records;

/// <summary>Stores a changed ticket.</summary>
/// <param name="Before">The ticket that the change was decided on.</param>
/// <param name="After">The ticket after the change, of the next version.</param>
public sealed record ReplaceTicket(Ticket Before, Ticket After) : IChange
{
    private const string Update = """
        UPDATE tickets SET title = @Title, description = @Description, status = @Status, priority = @Priority,
            assignee = @Assignee, tags = @Tags, due_at = @DueAt, version = @Version, updated_at = @UpdatedAt,
            resolved_at = @ResolvedAt, closed_at = @ClosedAt
        WHERE tenant = @Tenant AND id = @Id AND version = @Version - 1
        RETURNING seq
        """;

    /// <inheritdoc/>
    /// <exception cref="VersionConflictException">Another command has changed or removed it.</exception>
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var seq = await transaction.ReadAsync<long?>(Update, TicketRow.Of(After), cancellation)
            ?? throw new VersionConflictException(After.Id);
        await TicketIndex.ReplaceAsync(transaction, seq, Before, After, cancellation);
        return true;
    }
}
