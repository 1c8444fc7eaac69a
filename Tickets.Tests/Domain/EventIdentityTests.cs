using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Events;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Audit;

namespace Tickets.Tests.Domain;

/// <summary>Consumers know events by their ids for good.</summary>
public class EventIdentityTests
{
    private static readonly AuditRecorded Record = new(
        Guid.Parse("01a20978-145d-7870-9806-702ba80166d8"), "acme", "ada", "ticket.created", default, Guid.Empty, 1, null, null, Door.Http, Guid.Empty, null);

    [Fact]
    public void the_ids_of_a_records_events_stay_as_they_are()
    {
        var ticket = A.Ticket;
        var comment = new Comment { Id = Guid.Empty, TicketId = ticket.Id, Tenant = "acme", Author = "bob", Body = "b", CreatedAt = default };
        object[] events =
        [
            Record,
            new TicketCreated(ticket, "ada"),
            new TicketUpdated(ticket, ticket, [], "ada"),
            new TicketAssigned(ticket, null, null, "ada"),
            new TicketStatusChanged(ticket, ticket.Status, ticket.Status, "ada"),
            new TicketCommented(ticket, comment, "ada"),
            new TicketDeleted(ticket, "ada"),
        ];

        events.Select(e => EventIdentity.Of(Record, e).ToString()).ShouldBe(
        [
            "01a20978-145d-7870-9806-702ba80166d8",
            "01a20978-145d-7870-9806-702b8d95215c",
            "01a20978-145d-7870-9806-702bac6e824b",
            "01a20978-145d-7870-9806-702b7d81eb32",
            "01a20978-145d-7870-9806-702b61211b45",
            "01a20978-145d-7870-9806-702b35a0ef59",
            "01a20978-145d-7870-9806-702b6827dccc",
        ]);
    }

    [Fact]
    public void a_notification_has_an_id_of_its_own() =>
        EventIdentity.Of(Record, new NotificationFailed(Guid.Empty, Guid.Empty, NotificationReason.Severe, "log", "why", default, A.Ticket, "ada")).ShouldBeNull();
}
