using System.Data.Common;
using Dapper;
using Tickets.Contracts;

namespace Tickets.Handlers.Records;

/// <summary>Stores a changed ticket, unless somebody else has changed it.</summary>
public sealed record ReplaceTicket(Ticket Before, Ticket After) : IChange
{
    private const string Update = """
        UPDATE tickets SET title = @Title, description = @Description, status = @Status, priority = @Priority, assignee = @Assignee,
            tags = @Tags, due_at = @DueAt, version = @Version, updated_at = @UpdatedAt, resolved_at = @ResolvedAt, closed_at = @ClosedAt
        WHERE tenant = @Tenant AND id = @Id AND version = @Version - 1
        """;

    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(Update, TicketRow.Of(After), transaction, cancellationToken: cancellation)) == 1
            ? true
            : throw new VersionConflictException(After.Id);
}
