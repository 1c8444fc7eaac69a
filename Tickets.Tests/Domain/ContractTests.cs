using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Commands;

namespace Tickets.Tests.Domain;

/// <summary>What others rely on.</summary>
public class ContractTests
{
    [Fact]
    public void the_wire_names_stay_as_they_are()
    {
        WireNames.Events.Select(x => $"{x.Key.Name} {x.Value}").Order().ShouldBe(
        [
            "AuditRecorded audit.recorded",
            "NotificationDelivered notification.delivered",
            "NotificationFailed notification.failed",
            "NotificationRequested notification.requested",
            "TicketAssigned ticket.assigned",
            "TicketCommented ticket.commented",
            "TicketCreated ticket.created",
            "TicketDeleted ticket.deleted",
            "TicketStatusChanged ticket.status_changed",
            "TicketUpdated ticket.updated",
        ]);
        WireNames.Verbs.Select(x => $"{x.Key.Name} {x.Value}").ShouldBe(
            ["CreateTicket create", "UpdateTicket update", "CommentOnTicket comment", "DeleteTicket delete"]);
        Subjects.Command("acme", "create").ShouldBe("ticket.commands.acme.create");
    }

    [Theory]
    [InlineData("ticket.commands.acme.create", "acme", "dlq.ticket.acme.create")]
    [InlineData("ticket.commands.acme.a.b", "acme", "dlq.ticket.acme.a.b")]
    [InlineData("ticket.commands.*.create", null, "dlq.ticket._.create")]
    [InlineData("audit.recorded", "acme", "dlq.ticket.acme.audit_recorded")]
    [InlineData("audit.recorded", null, "dlq.ticket.unknown.audit_recorded")]
    public void a_dead_letter_is_found_by_tenant_and_verb(string subject, string? tenant, string deadLetter) =>
        Subjects.DeadLetter(subject, tenant).ShouldBe(deadLetter);

    [Theory]
    [InlineData("acme", true)]
    [InlineData("A-1_b", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a.b", false)]
    [InlineData("a*", false)]
    [InlineData("acme\n", false)]
    [InlineData("é", false)]
    public void a_tenant_is_named_by_letters_digits_underscore_and_hyphen(string? name, bool valid) =>
        TenantName.IsValid(name).ShouldBe(valid);

    [Theory]
    [InlineData("_INBOX.abc", true)]
    [InlineData("_INBOX.abc.def", true)]
    [InlineData("_INBOX", false)]
    [InlineData("_INBOX.", false)]
    [InlineData("_INBOX.*", false)]
    [InlineData("_INBOX.a.>", false)]
    [InlineData("_INBOXES.a", false)]
    [InlineData("ticket.created", false)]
    [InlineData(null, false)]
    public void answers_go_to_inboxes_only(string? subject, bool inbox) => CommandHeaders.IsInbox(subject).ShouldBe(inbox);

    [Fact]
    public void an_inbox_has_up_to_255_characters()
    {
        CommandHeaders.IsInbox("_INBOX.".PadRight(255, 'a')).ShouldBeTrue();
        CommandHeaders.IsInbox("_INBOX.".PadRight(256, 'a')).ShouldBeFalse();
    }

    [Theory]
    [InlineData("_INBOX.tenant.acme.1", "acme", true)]
    [InlineData("_INBOX.tenant.acme.1", "globex", false)]
    [InlineData("_INBOX.tenant.acme.1", "acm", false)]
    [InlineData("_INBOX.tenant.acme.1", null, false)]
    [InlineData("_INBOX.somebody.1", "acme", true)]
    [InlineData("_INBOX.somebody.1", null, true)]
    [InlineData("ticket.commands.acme.create", "acme", false)]
    public void no_tenant_is_answered_in_anothers_inbox(string subject, string? tenant, bool may) =>
        CommandHeaders.MayAnswer(subject, tenant).ShouldBe(may);

    [Fact]
    public void a_patch_tells_what_is_absent_from_what_is_null()
    {
        const string json = """{"description":null,"priority":"high","tags":["a"]}""";

        var patch = JsonSerializer.Deserialize(json, WireJson.Default.UpdateTicket)!;

        (patch.Title.IsSet, patch.Description.IsSet, patch.Description.Value, patch.Priority.Value).ShouldBe((false, true, null, TicketPriority.High));
        JsonSerializer.Serialize(patch, WireJson.Default.UpdateTicket).ShouldBe(json);
    }

    [Fact]
    public void notifications_of_versions_that_named_no_actor_are_read()
    {
        var ticket = JsonSerializer.Serialize(A.Ticket, WireJson.Default.Ticket);
        const string ids = """ "id":"01a2083f-f63c-70de-8149-48741ca6b0e7","reason":"severe","channel":"log" """;

        var requested = JsonSerializer.Deserialize($$"""{{{ids}},"ticket":{{ticket}}}""", WireJson.Default.NotificationRequested)!;
        var delivered = JsonSerializer.Deserialize($$"""{{{ids}},"delivered_at":"2026-11-25T15:02:01Z"}""", WireJson.Default.NotificationDelivered)!;

        (requested.Version, requested.Actor).ShouldBe((A.Ticket.Version, null));
        (delivered.Ticket, delivered.Version, delivered.Actor).ShouldBe((null, null, null));
        JsonSerializer.Serialize(delivered, WireJson.Default.NotificationDelivered).ShouldNotContain("version");
    }

    [Fact]
    public void json_is_snake_case_and_a_command_refuses_what_it_does_not_know()
    {
        var ticket = new CreateTicket { Title = "t", CreatedBy = "ada", Priority = TicketPriority.High };

        JsonSerializer.Serialize(ticket, WireJson.Default.CreateTicket).ShouldBe("""{"title":"t","priority":"high","created_by":"ada"}""");
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize("""{"Title": "t"}""", WireJson.Default.CreateTicket));
    }
}
