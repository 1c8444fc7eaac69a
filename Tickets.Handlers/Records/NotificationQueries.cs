using System.Globalization;
using Dapper;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads what became of notifications.</summary>
public sealed class NotificationQueries(SqliteDatabase database)
{
    private const string Select = """
        SELECT id, ticket_id, reason, channel, recipient, status, requested_at, settled_at, error FROM notifications
        WHERE tenant = @tenant AND id < @before ORDER BY id DESC LIMIT @limit
        """;

    // After every id.
    private const string End = "~";

    /// <summary>A tenant's notifications, newest first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="before">The last id of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<Notification>> ListAsync(string tenant, Guid? before, int limit, CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        await using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(Select, new { tenant, before = before?.ToString() ?? End, limit }, cancellationToken: cancellation));
        List<Notification> found = [];
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new Notification(
                Guid.Parse(reader.GetString(0), CultureInfo.InvariantCulture),
                Guid.Parse(reader.GetString(1), CultureInfo.InvariantCulture),
                WireName.Parse<NotificationReason>(reader.GetString(2)),
                reader.GetString(3),
                TextOf(4),
                WireName.Parse<NotificationStatus>(reader.GetString(5)),
                Timestamp.Read(reader.GetString(6))!.Value,
                Timestamp.Read(TextOf(7)),
                TextOf(8)));
        }

        return found;

        string? TextOf(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
