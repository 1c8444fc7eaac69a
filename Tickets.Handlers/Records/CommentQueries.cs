using System.Globalization;
using Dapper;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads comments.</summary>
public sealed class CommentQueries(SqliteDatabase database)
{
    /// <summary>A ticket's comments, oldest first.</summary>
    public async Task<IReadOnlyList<Comment>> ListAsync(string tenant, Guid ticketId, Guid? after, int limit, CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        var rows = await connection.QueryAsync<(string Id, string Author, string Body, string CreatedAt)>(new CommandDefinition(
            "SELECT id, author, body, created_at FROM comments WHERE tenant = @tenant AND ticket_id = @ticketId AND id > @after ORDER BY id LIMIT @limit",
            new { tenant, ticketId = ticketId.ToString(), after = after?.ToString() ?? string.Empty, limit },
            cancellationToken: cancellation));
        return [.. rows.Select(row => new Comment { Id = Guid.Parse(row.Id, CultureInfo.InvariantCulture), TicketId = ticketId, Tenant = tenant, Author = row.Author, Body = row.Body, CreatedAt = Timestamp.Read(row.CreatedAt)!.Value })];
    }
}
