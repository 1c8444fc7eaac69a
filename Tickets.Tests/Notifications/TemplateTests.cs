using NatsServers;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Notifications;
using Tickets.Tests.Domain;

namespace Tickets.Tests.Notifications;

public class TemplateTests
{
    [Fact]
    public void a_notification_is_put_into_words()
    {
        var written = new NotificationTemplates(folder: null).Write(Request("Printer <on> fire"));

        written.Subject.ShouldBe("[acme #7] assigned to you: Printer <on> fire");
        written.Text.ShouldStartWith("bob, ticket #7 is yours now (priority medium).");
        written.Text.ShouldContain("It smokes.");
    }

    [Fact]
    public void what_stands_in_a_ticket_is_neither_a_header_nor_a_template() =>
        new NotificationTemplates(folder: null).Write(Request("a\r\nBcc: all {{ ticket.description }}")).Subject
            .ShouldBe("[acme #7] assigned to you: a  Bcc: all {{ ticket.description }}");

    [Fact]
    public void a_folder_replaces_what_it_has_and_a_wrong_template_is_told_with_its_place()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("assigned.subject.liquid"), "{{ recipient | upcase }}: {% for tag in ticket.tags %}{{ tag }}{% endfor %}");

        new NotificationTemplates(folder.Path).Write(Request("t")).Subject.ShouldBe("BOB: hardware");

        File.WriteAllText(folder.File("assigned.subject.liquid"), "{% if %}");
        Should.Throw<TemplateException>(() => new NotificationTemplates(folder.Path)).Message.ShouldContain("assigned.subject.liquid");
    }

    [Fact]
    public void a_template_that_can_not_be_read_is_told_with_its_place()
    {
        using var folder = new TemporaryFolder();

        // Nobody may read a process's memory from its begin, whoever they are.
        File.CreateSymbolicLink(folder.File("severe.text.liquid"), "/proc/self/mem");

        Should.Throw<TemplateException>(() => new NotificationTemplates(folder.Path)).Message.ShouldContain("severe.text.liquid");
    }

    private static NotificationRequested Request(string title) =>
        new(Guid.CreateVersion7(), NotificationReason.Assigned, "log", "bob", A.Ticket with { Title = title }, "ada");
}
