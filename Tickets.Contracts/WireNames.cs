using Tickets.Contracts.Audit;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;
using Tickets.Contracts.Notifications;

namespace Tickets.Contracts;

/// <summary>The table of everything that travels: type, wire name, subject. A test pins it.</summary>
public static class WireNames
{
    /// <summary>The events: the wire name is the subject and the <c>ce-type</c>.</summary>
    public static readonly IReadOnlyDictionary<Type, string> Events = new Dictionary<Type, string>
    {
        [typeof(TicketCreated)] = "ticket.created",
        [typeof(TicketUpdated)] = "ticket.updated",
        [typeof(TicketAssigned)] = "ticket.assigned",
        [typeof(TicketStatusChanged)] = "ticket.status_changed",
        [typeof(TicketCommented)] = "ticket.commented",
        [typeof(TicketDeleted)] = "ticket.deleted",
        [typeof(NotificationRequested)] = "notification.requested",
        [typeof(NotificationDelivered)] = "notification.delivered",
        [typeof(NotificationFailed)] = "notification.failed",
        [typeof(AuditRecorded)] = "audit.recorded",
    };

    /// <summary>The commands: the verb is the last token of <c>ticket.commands.{tenant}.{verb}</c>.</summary>
    public static readonly IReadOnlyDictionary<Type, string> Verbs = new Dictionary<Type, string>
    {
        [typeof(CreateTicket)] = "create",
        [typeof(UpdateTicket)] = "update",
        [typeof(CommentOnTicket)] = "comment",
        [typeof(DeleteTicket)] = "delete",
    };
}
