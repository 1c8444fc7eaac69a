using System.Data.Common;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Stores a comment to a ticket that is still as it was when that was decided: the event and the audit record show it so.</summary>
/// <param name="Comment">The comment.</param>
/// <param name="Version">The ticket's version.</param>
public sealed record InsertComment(Comment Comment, int Version) : IChange
{
    private const string Insert = """
        INSERT INTO comments (tenant, ticket_id, id, author, body, created_at)
        SELECT @Tenant, @TicketId, @Id, @Author, @Body, @CreatedAt FROM tickets WHERE tenant = @Tenant AND id = @TicketId AND version = @Version
        """;

    /// <inheritdoc/>
    public string Tenant => Comment.Tenant;

    /// <inheritdoc/>
    /// <exception cref="VersionConflictException">Another command has changed or removed the ticket.</exception>
    public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var row = new
        {
            Comment.Tenant,
            Comment.TicketId,
            Comment.Id,
            Comment.Author,
            Comment.Body,
            Comment.CreatedAt,
            Version,
        };
        VersionConflictException.ThrowUnlessOne(await transaction.RunAsync(Insert, row), Comment.TicketId);
    }
}
