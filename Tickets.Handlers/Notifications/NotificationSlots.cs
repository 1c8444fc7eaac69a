using System.Data.Common;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Notifications;

/// <summary>
/// Lets one notification through for the same ticket, reason and channel within the window. Its place is reserved while
/// it is pending and kept when it was delivered; one that was given up leaves it free.
/// </summary>
public sealed class NotificationSlots(GroupCommitter committer, NotificationOptions options, TimeProvider clock)
{
    // Longer than a delivery can be pending; one that is older has lost its message.
    private TimeSpan LongestPending => options.Window + options.Pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + (pause * 2));

    /// <summary>Reserves the place.</summary>
    /// <returns>Not reserved when the notification is settled already, or left out because another has its place.</returns>
    public async Task<Slot> ReserveAsync(NotificationRequested request, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var unit = new Reservation(request, now, since: now - options.Window, pendingSince: now - LongestPending);
        await committer.CommitAsync(unit, cancellation);
        return new Slot(unit.Reserved);
    }

    internal sealed class Reservation(NotificationRequested request, DateTimeOffset now, DateTimeOffset since, DateTimeOffset pendingSince) : IUnitOfWork
    {
        // Two lookups: over one with OR, SQLite would go through all notifications of the tenant.
        private const string OfPlace = """
            SELECT 1 FROM notifications WHERE tenant = @Tenant AND ticket_id = @TicketId AND reason = @Reason AND channel = @Channel
            """;

        // Its own status when it was here before, else how it finds its place.
        internal const string StatusOf = $"""
            SELECT coalesce(
                (SELECT status FROM notifications WHERE tenant = @Tenant AND id = @Id),
                CASE WHEN EXISTS ({OfPlace} AND status = 'delivered' AND settled_at > @Since)
                       OR EXISTS ({OfPlace} AND status = 'pending' AND requested_at > @PendingSince) THEN '{Taken}'
                     WHEN EXISTS ({OfPlace} AND status = 'pending') THEN '{Lost}'
                     ELSE '{Free}' END)
            """;

        // What still holds a place for longer than a delivery takes has lost its message.
        internal const string GiveUp = """
            UPDATE notifications SET status = 'failed', settled_at = @Now, error = 'no outcome in time'
            WHERE tenant = @Tenant AND ticket_id = @TicketId AND reason = @Reason AND channel = @Channel AND status = 'pending'
            """;

        private const string Insert = """
            INSERT INTO notifications (tenant, id, ticket_id, reason, channel, recipient, status, requested_at, settled_at)
            VALUES (@Tenant, @Id, @TicketId, @Reason, @Channel, @Recipient, @Status, @Now, @SettledAt)
            """;

        private const string Pending = "pending";
        private const string Taken = "taken";
        private const string Lost = "lost";
        private const string Free = "free";

        public bool Reserved { get; private set; }

        public string? Tenant => request.Ticket.Tenant;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            var row = RowOf(Pending, settledAt: null);
            var status = await transaction.ReadAsync<string>(StatusOf, row);
            Reserved = status is Pending or Lost or Free;
            if (status == Lost)
            {
                await transaction.RunAsync(GiveUp, row);
            }

            if (status is Taken or Lost or Free)
            {
                await transaction.RunAsync(Insert, Reserved ? row : RowOf("suppressed", now));
            }
        }

        private object RowOf(string status, DateTimeOffset? settledAt) => new
        {
            request.Ticket.Tenant,
            request.Id,
            request.TicketId,
            Reason = WireName.Of(request.Reason),
            request.Channel,
            request.Recipient,
            Status = status,
            Now = now,
            SettledAt = settledAt,
            Since = since,
            PendingSince = pendingSince,
        };
    }
}
