using Tickets.Contracts.Notifications;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;

namespace Tickets.Handlers.Notifications;

/// <summary>Delivers a notification and says so.</summary>
public static class NotificationRequestedHandler
{
    /// <summary>
    /// Delivers to the channel first and records after, so that a crash in between delivers twice rather than never.
    /// A repeat that comes after the record is not delivered again.
    /// </summary>
    public static async Task<Recording> Handle(
        NotificationRequested request,
        INotificationChannel channel,
        NotificationRecords records,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!await records.ExistsAsync(request.Ticket.Tenant, request.Id, cancellation))
        {
            await channel.DeliverAsync(request, cancellation);
        }

        var delivered = new NotificationDelivered(request.Id, request.TicketId, request.Reason, channel.Name, clock.GetUtcNow());
        return new Recording(new RecordNotification(request.Ticket.Tenant, delivered), [delivered]);
    }
}
