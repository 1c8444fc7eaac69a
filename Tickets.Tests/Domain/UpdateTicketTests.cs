using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;
using Tickets.Handlers;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;

namespace Tickets.Tests.Domain;

public class UpdateTicketTests
{
    private static readonly string[] Patchable = ["title", "description", "priority", "assignee", "tags", "due_at"];

    [Fact]
    public void a_change_of_everything_says_each_fact_once_and_leaves_one_audit_record()
    {
        var command = new UpdateTicket { TicketId = A.Ticket.Id, Title = " Printer on fire ", Assignee = "bob", Status = TicketStatus.InProgress };

        var decision = Handle(command);

        var after = decision.Result.ShouldBeOfType<Ticket>();
        after.ShouldBe(A.Ticket with
        {
            Title = "Printer on fire",
            Assignee = "bob",
            Status = TicketStatus.InProgress,
            Version = 4,
            UpdatedAt = A.Now,
        });
        decision.Status.ShouldBe(200);
        decision.Messages.OfType<TicketUpdated>().ShouldHaveSingleItem().Changed.ShouldBe(["title"]);
        decision.Messages.OfType<TicketAssigned>().ShouldHaveSingleItem().ShouldBe(new TicketAssigned(after, "bob", null, "ada"));
        decision.Messages.OfType<TicketStatusChanged>().ShouldHaveSingleItem()
            .ShouldBe(new TicketStatusChanged(after, TicketStatus.InProgress, TicketStatus.Open, "ada"));
        var audit = decision.Messages.OfType<AuditRecorded>().ShouldHaveSingleItem();
        (audit.Action, audit.Version, audit.Before, audit.After, audit.Actor).ShouldBe(("ticket.updated", 4, A.Ticket, after, "ada"));
        decision.Changes.ShouldBe([new ReplaceTicket(after), new AppendAudit(audit)]);
    }

    [Fact]
    public void a_patch_that_changes_nothing_says_nothing()
    {
        var command = new UpdateTicket { TicketId = A.Ticket.Id, Title = "Printer", Tags = new(["hardware"]), Status = TicketStatus.Open };

        var decision = Handle(command);

        decision.ShouldSatisfyAllConditions(
            () => decision.Result.ShouldBe(A.Ticket),
            () => decision.Changes.ShouldBeEmpty(),
            () => decision.Messages.ShouldBeEmpty());
    }

    [Fact]
    public void tags_are_a_set_and_due_at_has_milliseconds()
    {
        var due = new DateTimeOffset(2026, 12, 1, 9, 0, 0, 123, TimeSpan.Zero);
        var ticket = A.Ticket with { Tags = ["a", "b"], DueAt = due };

        var decision = UpdateTicketHandler.Handle(
            new UpdateTicket { TicketId = ticket.Id, Tags = new(["b", "a", "b"]), DueAt = due.AddTicks(4567).ToOffset(TimeSpan.FromHours(2)) }, ticket, A.Command, A.Rules);

        decision.Result.ShouldBe(ticket);
        decision.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void a_stale_version_is_refused_with_the_one_that_is()
    {
        var problem = Problem(Handle(new UpdateTicket { TicketId = A.Ticket.Id, IfVersion = 2, Title = "t" }), 412, "version_conflict");

        problem.Version.ShouldBe(3);
    }

    [Fact]
    public void a_forbidden_step_is_refused_with_those_that_are_allowed()
    {
        var closed = A.Ticket with { Status = TicketStatus.Closed };
        var command = new UpdateTicket { TicketId = closed.Id, Status = TicketStatus.Resolved };

        var problem = Problem(UpdateTicketHandler.Handle(command, closed, A.Command, A.Rules), 409, "invalid_transition");

        problem.Allowed.ShouldBe([TicketStatus.Open]);
    }

    [Fact]
    public void a_ticket_that_is_not_there_is_refused() =>
        Problem(UpdateTicketHandler.Handle(new UpdateTicket { TicketId = Guid.NewGuid() }, null, A.Command, A.Rules), 404, "ticket_not_found");

    [Fact]
    public void any_patch_does_to_the_ticket_what_a_merge_patch_does_to_its_json() => Patches.Sample(patch =>
    {
        var command = JsonSerializer.Deserialize(patch.ToJsonString(), WireJson.Default.UpdateTicket)!;
        var expected = MergePatch(JsonSerializer.SerializeToNode(A.Ticket, WireJson.Default.Ticket)!.AsObject(), patch);

        var after = TicketOf(Handle(command));

        var actual = JsonSerializer.SerializeToNode(after, WireJson.Default.Ticket)!.AsObject();
        foreach (var name in Patchable)
        {
            JsonNode.DeepEquals(actual[name], expected[name]).ShouldBeTrue($"{name} after {patch.ToJsonString()}");
        }

        after.Version.ShouldBe(JsonNode.DeepEquals(Only(actual), Only(JsonSerializer.SerializeToNode(A.Ticket, WireJson.Default.Ticket)!)) ? 3 : 4);
    });

    private static readonly Gen<JsonObject> Patches = Gen.Select(
        Member("title", Gen.String[Gen.Char.AlphaNumeric, 1, 20].Select(Json)),
        Member("description", Gen.OneOf(Gen.Const((JsonNode?)null), Gen.String[Gen.Char.AlphaNumeric, 0, 20].Select(Json))),
        Member("priority", One("low", "medium", "high", "critical").Select(Json)),
        Member("assignee", Gen.OneOf(Gen.Const((JsonNode?)null), One("ada", "bob").Select(Json))),
        Member("tags", One("hardware", "fire", "office").HashSet[1, 3].Select(tags => (JsonNode?)new JsonArray([.. tags.Select(Json)]))),
        Member("due_at", Gen.OneOf(Gen.Const((JsonNode?)null), Gen.Const("2026-12-01T09:00:00+00:00").Select(Json))))
        .Select((a, b, c, d, e, f) => new JsonObject(new[] { a, b, c, d, e, f }.Where(x => x is not null).Select(x => x!.Value)));

    private static Gen<KeyValuePair<string, JsonNode?>?> Member(string name, Gen<JsonNode?> value) => Gen.Select(
        Gen.Bool, value, (there, node) => there ? new KeyValuePair<string, JsonNode?>(name, node?.DeepClone()) : (KeyValuePair<string, JsonNode?>?)null);

    private static Gen<string> One(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static JsonNode? Json(string text) => JsonValue.Create(text);

    // RFC 7396, for an object without objects in it.
    private static JsonObject MergePatch(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            target.Remove(name);
            if (value is not null)
            {
                target[name] = value.DeepClone();
            }
        }

        return target;
    }

    private static JsonObject Only(JsonNode ticket) =>
        new(Patchable.Where(name => ticket[name] is not null).Select(name => KeyValuePair.Create(name, ticket[name]?.DeepClone())));

    private static Decision Handle(UpdateTicket command) => UpdateTicketHandler.Handle(command, A.Ticket, A.Command, A.Rules);

    private static Ticket TicketOf(Decision decision) => decision.Result.ShouldBeOfType<Ticket>();

    private static Problem Problem(Decision decision, int status, string code)
    {
        decision.Changes.ShouldBeEmpty();
        decision.Messages.ShouldBeEmpty();
        var problem = decision.Result.ShouldBeOfType<Problem>();
        (decision.Status, problem.Status, problem.Code).ShouldBe((status, status, code));
        return problem;
    }
}
