using System.Data.Common;
using System.Text;
using Tickets.Contracts;

namespace Tickets.Handlers.Records;

/// <summary>Keeps tags and texts where they are searched.</summary>
internal static class TicketIndex
{
    private const string AddTag = "INSERT INTO ticket_tags (tenant, tag, seq) VALUES (@Tenant, @Tag, @Seq)";
    private const string DropTag = "DELETE FROM ticket_tags WHERE tenant = @Tenant AND tag = @Tag AND seq = @Seq";

    private const string AddTexts = """
        INSERT INTO ticket_texts (rowid, scope, title, description) VALUES (@Seq, @Scope, @Title, @Description)
        """;

    private const string ReplaceTexts = """
        UPDATE ticket_texts SET scope = @Scope, title = @Title, description = @Description WHERE rowid = @Seq
        """;

    private const string DropTexts = "DELETE FROM ticket_texts WHERE rowid = @Seq";

    /// <summary>The one word under which a tenant's texts are found.</summary>
    public static string ScopeOf(string tenant) => $"t{Convert.ToHexString(Encoding.UTF8.GetBytes(tenant))}";

    public static async Task AddAsync(DbTransaction transaction, long seq, Ticket ticket, CancellationToken cancellation)
    {
        await transaction.RunAsync(AddTexts, TextsOf(seq, ticket), cancellation);
        await TagAsync(transaction, AddTag, seq, ticket.Tenant, ticket.Tags, cancellation);
    }

    public static async Task ReplaceAsync(DbTransaction transaction, long seq, Ticket before, Ticket after, CancellationToken cancellation)
    {
        if (before.Title != after.Title || before.Description != after.Description)
        {
            await transaction.RunAsync(ReplaceTexts, TextsOf(seq, after), cancellation);
        }

        await TagAsync(transaction, DropTag, seq, after.Tenant, before.Tags.Except(after.Tags, StringComparer.Ordinal), cancellation);
        await TagAsync(transaction, AddTag, seq, after.Tenant, after.Tags.Except(before.Tags, StringComparer.Ordinal), cancellation);
    }

    public static async Task RemoveAsync(DbTransaction transaction, long seq, Ticket ticket, CancellationToken cancellation)
    {
        await transaction.RunAsync(DropTexts, new { Seq = seq }, cancellation);
        await TagAsync(transaction, DropTag, seq, ticket.Tenant, ticket.Tags, cancellation);
    }

    private static async Task TagAsync(
        DbTransaction transaction, string sql, long seq, string tenant, IEnumerable<string> tags, CancellationToken cancellation)
    {
        foreach (var tag in tags)
        {
            await transaction.RunAsync(sql, new { Tenant = tenant, Tag = tag, Seq = seq }, cancellation);
        }
    }

    private static object TextsOf(long seq, Ticket ticket) =>
        new { Seq = seq, Scope = ScopeOf(ticket.Tenant), ticket.Title, ticket.Description };
}
