using Dapper;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads the comments of tickets.</summary>
public sealed class CommentQueries(Database database)
{
    private const string Select = """
        SELECT id, author, body, created_at FROM comments
        WHERE tenant = @tenant AND ticket_id = @ticketId AND id > @after ORDER BY id LIMIT @limit
        """;

    /// <summary>A ticket's comments, oldest first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<Comment>> ListAsync(
        string tenant, Guid ticketId, Guid? after, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenPageReaderAsync(tenant, cancellation);
        var rows = await connection.QueryAsync<(Guid Id, string Author, string Body, DateTimeOffset CreatedAt)>(new CommandDefinition(
            Select,
            new { tenant, ticketId, after = after ?? Guid.Empty, limit },
            cancellationToken: cancellation));
        return
        [
            .. rows.Select(row => new Comment
            {
                Id = row.Id,
                TicketId = ticketId,
                Tenant = tenant,
                Author = row.Author,
                Body = row.Body,
                CreatedAt = row.CreatedAt,
            }),
        ];
    }
}
