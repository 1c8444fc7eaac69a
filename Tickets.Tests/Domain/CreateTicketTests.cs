using FluentValidation;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;
using Tickets.Contracts.Notifications;
using Tickets.Handlers;
using Tickets.Handlers.Records;

namespace Tickets.Tests.Domain;

public class CreateTicketTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly CommandContext Context = new("acme", Guid.NewGuid(), Actor: null, Door.Nats, TraceId: "abc", Now);

    [Fact]
    public void a_new_ticket_is_open_trimmed_and_at_version_1()
    {
        var decision = CreateTicketHandler.Handle(
            new CreateTicket { Title = " Printer ", CreatedBy = " ada ", Tags = ["a", "b", "a"], DueAt = new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(2)) },
            Context,
            A.Rules);

        decision.Status.ShouldBe(201);
        var opened = decision.Result.ShouldBeOfType<Ticket>();
        opened.ShouldSatisfyAllConditions(
            ticket => ticket.Title.ShouldBe("Printer"),
            ticket => ticket.CreatedBy.ShouldBe("ada"),
            ticket => ticket.Tags.ShouldBe(["a", "b"]),
            ticket => ticket.Status.ShouldBe(TicketStatus.Open),
            ticket => ticket.Priority.ShouldBe(TicketPriority.Medium),
            ticket => ticket.Version.ShouldBe(1),
            ticket => ticket.Tenant.ShouldBe("acme"),
            ticket => ticket.CreatedAt.ShouldBe(Now),
            ticket => ticket.DueAt!.Value.Offset.ShouldBe(TimeSpan.Zero),
            ticket => ticket.Id.Version.ShouldBe(7));
        decision.Changes.ShouldBe([new InsertTicket(opened), new AppendAudit(decision.Messages.OfType<AuditRecorded>().Single())]);
    }

    [Theory]
    [InlineData("🔥", true)]
    [InlineData("🔥!", false)]
    public void lengths_are_counted_in_characters_of_unicode(string end, bool fits)
    {
        static string Long(int characters, string end) => string.Concat(Enumerable.Repeat("🔥", characters - 1)) + end;
        var (name, tag, text) = (Long(200, end), Long(50, end), Long(20_000, end));
        var id = Guid.CreateVersion7();

        string[] faults =
        [
            .. Faults(CreateTicketValidator.Instance, new CreateTicket { Title = name, CreatedBy = name, Assignee = name, Description = text, Tags = [tag] }),
            .. Faults(UpdateTicketValidator.Instance, new UpdateTicket { TicketId = id, Title = name, Assignee = name, Description = text, Tags = new([tag]) }),
            .. Faults(CommentOnTicketValidator.Instance, new CommentOnTicket { TicketId = id, Author = name, Body = text }),
        ];

        faults.ShouldBe(fits ? [] : ["title", "created_by", "description", "assignee", "tags", "title", "description", "assignee", "tags", "author", "body"]);
    }

    [Theory]
    [InlineData("Printer\n", true)]
    [InlineData("\tPrinter\r\n", true)]
    [InlineData("Printer\non fire", false)]
    [InlineData("Printer\u001b", false)]
    public void what_is_trimmed_from_a_name_is_no_part_of_it(string name, bool fits)
    {
        var command = new CreateTicket { Title = name, CreatedBy = name, Assignee = name };

        Faults(CreateTicketValidator.Instance, command).ShouldBe(fits ? [] : ["title", "created_by", "assignee"]);

        if (fits)
        {
            var opened = CreateTicketHandler.Handle(command, Context, A.Rules).Result.ShouldBeOfType<Ticket>();
            (opened.Title, opened.CreatedBy, opened.Assignee).ShouldBe(("Printer", "Printer", "Printer"));
        }
    }

    [Fact]
    public void it_says_so_and_leaves_an_audit_record_with_who_and_by_which_door()
    {
        var decision = CreateTicketHandler.Handle(new CreateTicket { Title = "t", CreatedBy = "ada" }, Context with { Actor = "bot" }, A.Rules);

        var ticket = decision.Result.ShouldBeOfType<Ticket>();
        decision.Messages.Count.ShouldBe(2);
        decision.Messages[0].ShouldBe(new TicketCreated(ticket, "bot"));
        var audit = decision.Messages[1].ShouldBeOfType<AuditRecorded>();
        audit.ShouldBe(new AuditRecorded(
            audit.Id, "acme", "bot", "ticket.created", Now, ticket.Id, 1, null, ticket, Door.Nats, Context.CommandId, "abc"));
    }

    [Theory]
    [InlineData("critical failure", null, TicketPriority.Low, true)]
    [InlineData("t", "a MAJOR problem.", TicketPriority.Low, true)]
    [InlineData("t", null, TicketPriority.Critical, true)]
    [InlineData("the majority agrees", "uncritically", TicketPriority.High, false)]
    [InlineData("t", null, TicketPriority.Medium, false)]
    public void it_asks_for_a_notification_when_it_is_severe(string title, string? description, TicketPriority priority, bool severe)
    {
        var command = new CreateTicket { Title = title, Description = description, Priority = priority, CreatedBy = "ada" };

        var requested = CreateTicketHandler.Handle(command, Context, A.Rules).Messages.OfType<NotificationRequested>();

        requested.Count().ShouldBe(severe ? 1 : 0);
    }

    private static IEnumerable<string> Faults<T>(AbstractValidator<T> validator, T command) => validator.Validate(command).Errors.Select(fault => fault.PropertyName);
}
