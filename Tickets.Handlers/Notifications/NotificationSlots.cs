using System.Data.Common;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;
using Wolverine.Runtime;

namespace Tickets.Handlers.Notifications;

/// <summary>
/// Lets one notification through for the same ticket, reason and channel within the window. Its place is reserved while
/// it is pending and kept when it was delivered; one that was given up leaves it free.
/// </summary>
public sealed class NotificationSlots(GroupCommitter committer, MessageCommitter messages, NotificationOptions options, TimeProvider clock)
{
    private const string NoOutcome = "no outcome in time";

    // Longer than a delivery can be pending, with its tries and the pauses between them; one that is older has lost its message.
    private TimeSpan LongestPending =>
        options.Pauses.Aggregate(options.Window + NotificationDelivery.Longest, (sum, pause) => sum + (pause * 2) + NotificationDelivery.Longest);

    /// <summary>Reserves the place. What still holds it for longer than a delivery can take is given up first, and told as failed.</summary>
    /// <param name="request">The notification.</param>
    /// <param name="context">Its message, which is being handled.</param>
    /// <param name="cancellation">Ends the waiting for a place in a group.</param>
    /// <returns>Not reserved when the notification is settled already, or left out because another has its place.</returns>
    public async Task<Slot> ReserveAsync(NotificationRequested request, MessageContext context, CancellationToken cancellation)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var unit = new Reservation(request, now, since: now - options.Window, pendingSince: now - LongestPending);
            await committer.CommitAsync(unit, cancellation);
            if (unit.Lost is not { } lost)
            {
                return new Slot(unit.Reserved);
            }

            await GiveUpAsync(lost, request, context, now, cancellation);
        }
    }

    // By a context of its own: it is sent at once, also when the delivery that it makes room for fails and is tried again.
    private async Task GiveUpAsync(Guid lost, NotificationRequested request, MessageContext context, DateTimeOffset now, CancellationToken cancellation)
    {
        var own = new MessageContext(context.Runtime) { TenantId = context.TenantId, CorrelationId = context.CorrelationId };
        var failed = new NotificationFailed(lost, request.TicketId, request.Reason, request.Channel, NoOutcome, now, request.Ticket, request.Actor);
        var settle = new SettleNotification(request.Ticket.Tenant, lost, now, NoOutcome);
        await messages.CommitAsync(own, settle.Tenant, [failed], settle.ApplyAsync, cancellation);
        await own.FlushOutgoingMessagesAsync();
    }

    internal sealed class Reservation(NotificationRequested request, DateTimeOffset now, DateTimeOffset since, DateTimeOffset pendingSince) : IUnitOfWork
    {
        // Two lookups: over one with OR, SQLite would go through all notifications of the tenant.
        private const string OfPlace = """
            SELECT CAST(id AS text) FROM notifications WHERE tenant = @Tenant AND ticket_id = @TicketId AND reason = @Reason AND channel = @Channel
            """;

        // Its own status when it was here before, else how it finds its place: the id of what holds it for longer than a delivery can take.
        internal const string StatusOf = $"""
            SELECT coalesce(
                (SELECT status FROM notifications WHERE tenant = @Tenant AND id = @Id),
                CASE WHEN EXISTS ({OfPlace} AND status = 'delivered' AND settled_at > @Since)
                       OR EXISTS ({OfPlace} AND status = 'pending' AND requested_at > @PendingSince) THEN '{Taken}' END,
                ({OfPlace} AND status = 'pending'),
                '{Free}')
            """;

        private const string Insert = """
            INSERT INTO notifications (tenant, id, ticket_id, reason, channel, recipient, status, requested_at, settled_at)
            VALUES (@Tenant, @Id, @TicketId, @Reason, @Channel, @Recipient, @Status, @Now, @SettledAt)
            """;

        private const string Pending = "pending";
        private const string Taken = "taken";
        private const string Free = "free";

        public bool Reserved { get; private set; }

        /// <summary>What holds the place and has lost its message; null for none.</summary>
        public Guid? Lost { get; private set; }

        public string? Tenant => request.Ticket.Tenant;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            var row = RowOf(Pending, settledAt: null);
            var status = await transaction.ReadAsync<string>(StatusOf, row);
            Lost = Guid.TryParse(status, out var holder) ? holder : null;
            Reserved = status is Pending or Free;
            if (status is Taken or Free)
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
