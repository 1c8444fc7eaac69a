using Dapper;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads what became of notifications.</summary>
public sealed class NotificationQueries(Database database)
{
    private const string Select = """
        SELECT id, ticket_id AS TicketId, reason, channel, recipient, status, requested_at AS RequestedAt, settled_at AS SettledAt, error
        FROM notifications
        WHERE tenant = @tenant AND id < @before ORDER BY id DESC LIMIT @limit
        """;

    /// <summary>A tenant's notifications, newest first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="before">The last id of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<Notification>> ListAsync(string tenant, Guid? before, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(tenant, cancellation);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(Select, new { tenant, before = before ?? Guid.AllBitsSet, limit }, cancellationToken: cancellation));
        return
        [
            .. rows.Select(row => new Notification(
                row.Id,
                row.TicketId,
                WireName.Parse<NotificationReason>(row.Reason),
                row.Channel,
                row.Recipient,
                WireName.Parse<NotificationStatus>(row.Status),
                row.RequestedAt,
                row.SettledAt,
                row.Error)),
        ];
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }

        public required Guid TicketId { get; init; }

        public required string Reason { get; init; }

        public required string Channel { get; init; }

        public string? Recipient { get; init; }

        public required string Status { get; init; }

        public required DateTimeOffset RequestedAt { get; init; }

        public DateTimeOffset? SettledAt { get; init; }

        public string? Error { get; init; }
    }
}
