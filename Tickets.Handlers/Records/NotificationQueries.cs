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
        """;

    private const string Newest = $"{Select} WHERE tenant = @tenant AND id < @before ORDER BY id DESC LIMIT @limit";
    private const string OfTicket = $"{Select} WHERE tenant = @tenant AND ticket_id = @ticketId ORDER BY id";
    private const string One = $"{Select} WHERE tenant = @tenant AND id = @id";

    /// <summary>A tenant's notifications, newest first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="before">The last id of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<Notification>> ListAsync(string tenant, Guid? before, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenPageReaderAsync(tenant, cancellation);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(Newest, new { tenant, before = before ?? Guid.AllBitsSet, limit }, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToNotification())];
    }

    /// <summary>A ticket's notifications, oldest first.</summary>
    public async Task<IReadOnlyList<Notification>> OfTicketAsync(string tenant, Guid ticketId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(tenant, cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(OfTicket, new { tenant, ticketId }, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToNotification())];
    }

    /// <summary>One notification; null when the tenant has none with this id.</summary>
    public async Task<Notification?> FindAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(tenant, cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(One, new { tenant, id }, cancellationToken: cancellation));
        return row?.ToNotification();
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

        public Notification ToNotification() => new(
            Id,
            TicketId,
            WireName.Parse<NotificationReason>(Reason),
            Channel,
            Recipient,
            WireName.Parse<NotificationStatus>(Status),
            RequestedAt,
            SettledAt,
            Error);
    }
}
