using System.Data.Common;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Stores a comment.</summary>
/// <param name="Comment">The comment.</param>
public sealed record InsertComment(Comment Comment) : IChange
{
    private const string Insert = """
        INSERT INTO comments (tenant, ticket_id, id, author, body, created_at)
        SELECT @Tenant, @TicketId, @Id, @Author, @Body, @CreatedAt FROM tickets WHERE tenant = @Tenant AND id = @TicketId
        """;

    /// <inheritdoc/>
    public string Tenant => Comment.Tenant;

    /// <inheritdoc/>
    /// <exception cref="VersionConflictException">Another command has removed the ticket.</exception>
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var row = new
        {
            Comment.Tenant,
            Comment.TicketId,
            Comment.Id,
            Comment.Author,
            Comment.Body,
            Comment.CreatedAt,
        };
        return await transaction.RunAsync(Insert, row) == 1 ? true : throw new VersionConflictException(Comment.TicketId);
    }
}
