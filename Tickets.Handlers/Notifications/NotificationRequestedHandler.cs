using Tickets.Contracts;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Runtime;

namespace Tickets.Handlers.Notifications;

/// <summary>Delivers a notification and says so.</summary>
public static class NotificationRequestedHandler
{
    /// <summary>Reserves the place of this reason at this ticket.</summary>
    public static Task<Slot> LoadAsync(
        NotificationRequested request, NotificationSlots slots, MessageContext context, CancellationToken cancellation) =>
        slots.ReserveAsync(request, context, cancellation);

    /// <summary>
    /// Delivers to the channel first and records after, so that a crash in between delivers twice rather than never. A
    /// repeat that comes after the record is not delivered again.
    /// </summary>
    /// <exception cref="DeliveryFailedException">It is to be tried again.</exception>
    public static async Task<Recording> HandleAsync(
        NotificationRequested request,
        Slot slot,
        Envelope envelope,
        NotificationDelivery delivery,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!slot.IsReserved)
        {
            return Recording.Nothing;
        }

        var error = await delivery.TryAsync(request, envelope.Attempts, clock.GetUtcNow() - envelope.SentAt, cancellation);
        var now = clock.GetUtcNow();
        ITicketMessage outcome = error is null
            ? new NotificationDelivered(request.Id, request.TicketId, request.Reason, request.Channel, now, request.Ticket, request.Actor)
            : new NotificationFailed(request.Id, request.TicketId, request.Reason, request.Channel, error, now, request.Ticket, request.Actor);
        return new Recording(new SettleNotification(request.Ticket.Tenant, request.Id, now, error), [outcome]);
    }
}
