using System.Data.Common;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records.Search;

/// <summary>
/// What a search finds a new ticket by. On SQLite a trigger for it would have the full-text index write each ticket's words by themselves (ADR 29).
/// </summary>
internal static class NewTicketIndex
{
    // The key is that of the ticket until the words have been added.
    private const string Tag = "INSERT OR IGNORE INTO ticket_tags (tenant, tag, seq) VALUES (@Tenant, @Tag, last_insert_rowid())";

    private const string Words = """
        INSERT INTO ticket_texts (rowid, scope, title, description)
        VALUES (last_insert_rowid(), 't' || hex(@Tenant), @Title, @Description)
        """;

    /// <summary>To be called when the ticket's row has been added, and nothing after it.</summary>
    public static async ValueTask AddAsync(DbTransaction transaction, TicketRow ticket)
    {
        foreach (var tag in ticket.Tags)
        {
            await transaction.FollowAsync(Tag, new { ticket.Tenant, Tag = tag });
        }

        await transaction.FollowAsync(Words, ticket);
    }
}
