using System.Data.Common;
using Dapper;
using Tickets.Contracts;

namespace Tickets.Handlers.Records;

/// <summary>Stores a comment, unless its ticket is gone.</summary>
public sealed record InsertComment(Comment Comment) : IChange
{
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var row = new { Comment.Tenant, TicketId = Comment.TicketId.ToString(), Id = Comment.Id.ToString(), Comment.Author, Comment.Body, CreatedAt = Timestamp.Write(Comment.CreatedAt) };
        return await transaction.Connection!.ExecuteAsync(new CommandDefinition("INSERT INTO comments (tenant, ticket_id, id, author, body, created_at) SELECT @Tenant, @TicketId, @Id, @Author, @Body, @CreatedAt FROM tickets WHERE tenant = @Tenant AND id = @TicketId", row, transaction, cancellationToken: cancellation)) == 1
            ? true
            : throw new VersionConflictException(Comment.TicketId);
    }
}
