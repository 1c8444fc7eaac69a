using System.Net;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>The service, its provisioner and its operator with the users of the shipped production configuration, over TLS.</summary>
[Collection(InProduction.Name)]
public sealed class NatsLeastPrivilege(ProductionCluster production)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TicketService _service = production.Service;

    // Who has no business there: the provisioner with messages, the operator with commands that wait, the service with streams.
    public static TheoryData<string, string> Forbidden => new()
    {
        { "service", "$JS.API.STREAM.CREATE.OTHER" },
        { "service", "$JS.API.STREAM.UPDATE.TICKET_EVENTS" },
        { "service", "$JS.API.STREAM.DELETE.TICKET_EVENTS" },
        { "service", "$JS.API.STREAM.PURGE.TICKET_EVENTS" },
        { "service", "$JS.API.STREAM.PURGE.TICKET_COMMANDS" },
        { "service", "$JS.API.STREAM.MSG.DELETE.TICKET_EVENTS" },
        { "service", "$JS.API.STREAM.MSG.GET.TICKET_COMMANDS" },
        { "service", "$JS.API.CONSUMER.CREATE.TICKET_COMMANDS.mine.ticket.commands.>" },
        { "service", "$JS.API.CONSUMER.DURABLE.CREATE.TICKET_COMMANDS.mine" },
        { "service", "$JS.API.CONSUMER.DELETE.TICKET_COMMANDS.ticket-workers" },
        { "service", "$SYS.REQ.SERVER.PING" },
        { "provisioner", "ticket.commands.acme.create" },
        { "provisioner", "ticket.created" },
        { "provisioner", "$JS.API.STREAM.DELETE.TICKET_EVENTS" },
        { "provisioner", "$JS.API.STREAM.CREATE.OTHER" },
        { "provisioner", "$JS.API.CONSUMER.MSG.NEXT.TICKET_COMMANDS.ticket-workers" },
        { "provisioner", "$JS.API.CONSUMER.CREATE.TICKET_COMMANDS.mine.ticket.commands.>" },
        { "operator", "$JS.API.STREAM.UPDATE.TICKET_DLQ" },
        { "operator", "$JS.API.STREAM.PURGE.TICKET_EVENTS" },
        { "operator", "$JS.API.CONSUMER.MSG.NEXT.TICKET_COMMANDS.ticket-workers" },
        { "operator", "$JS.ACK.TICKET_COMMANDS.ticket-workers.1.1.1.1.0" },
        { "operator", "_INBOX.tickets.1" },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task nobody_may_do_what_is_anothers_work(string user, string subject)
    {
        await using var somebody = await NatsAttempts.OpenAsync(production.Connect(user));

        (await somebody.MayPublishAsync(subject)).ShouldBeFalse();
        (await somebody.MaySubscribeAsync("ticket.commands.>")).ShouldBeFalse();
        (await somebody.MaySubscribeAsync("_INBOX.>")).ShouldBeFalse();
        (await somebody.MayPublishAsync("$JS.API.STREAM.NAMES")).ShouldBeTrue();
    }

    [Fact]
    public async Task a_ticket_lives_its_life_over_http_and_leaves_its_events()
    {
        var refused = production.RefusedTo("service").Count;
        await using var events = await EventListener.StartAsync(_service, ProductionCluster.Tenant);

        using var created = await _service.CreateAsync(ProductionCluster.Tenant, "Plain", "this is critical");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var path = created.Headers.Location!.ToString();
        using var patched = await _service.PatchAsync(ProductionCluster.Tenant, path, new { title = "Still plain" });
        using var comment = await _service.SendAsync(HttpMethod.Post, ProductionCluster.Tenant, $"{path}/comments", JsonContent(new { author = "bob", body = "On it." }));
        using var deleted = await _service.SendAsync(HttpMethod.Delete, ProductionCluster.Tenant, path, body: null);
        using var letters = await _service.GetAsync(ProductionCluster.Tenant, "/api/v1/dead-letters");
        using var metrics = await _service.Http.GetAsync("/metrics");

        (patched.StatusCode, comment.StatusCode, deleted.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent));
        (letters.StatusCode, metrics.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        await Eventually.Async(
            () => events.Heard.Select(heard => heard.EventType).Intersect(["ticket.created", "ticket.updated", "ticket.commented", "ticket.deleted", "audit.recorded", "notification.requested", "notification.delivered"]).Count() == 7,
            Limit,
            "all kinds of events are heard");
        (await _service.IsReadyAsync()).ShouldBeTrue();
        production.RefusedTo("service").Count.ShouldBe(refused);
    }

    [Fact]
    public async Task a_ticket_lives_its_life_over_nats()
    {
        await using var acme = production.Connect("acme");

        var id = (await AskAsync("create", new { title = "Over NATS", created_by = "bob" })).GetProperty("id").GetString();
        (await AskAsync("update", new { ticket_id = id, status = "in_progress" })).GetProperty("status").GetString().ShouldBe("in_progress");
        (await AskAsync("comment", new { ticket_id = id, author = "bob", body = "On it." })).GetProperty("body").GetString().ShouldBe("On it.");
        (await AskAsync("get", new { ticket_id = id })).GetProperty("title").GetString().ShouldBe("Over NATS");
        (await AskAsync("list", new { q = "NATS" })).GetProperty("tickets").GetArrayLength().ShouldBe(1);
        await AskAsync("delete", new { ticket_id = id });
        (await AskAsync("get", new { ticket_id = id })).GetProperty("code").GetString().ShouldBe("ticket_not_found");

        async Task<JsonElement> AskAsync(string verb, object body)
        {
            var answer = await acme.RequestAsync<string, string>(
                $"ticket.api.acme.{verb}", JsonSerializer.Serialize(body), replyOpts: new NatsSubOpts { Timeout = Limit });
            return answer.Data is { Length: > 0 } json ? JsonDocument.Parse(json).RootElement : default;
        }
    }

    [Fact]
    public async Task the_operator_replays_and_discards_dead_letters_and_republishes_events()
    {
        using var created = await _service.CreateAsync(ProductionCluster.Tenant, "To be told again");
        var replayed = await WriteLetterAsync();
        var discarded = await WriteLetterAsync();

        var list = await production.RunAsync("operator", provisions: false, "dlq", "list");
        var replay = await production.RunAsync("operator", provisions: false, "dlq", "replay", $"{replayed}");
        var show = await production.RunAsync("operator", provisions: false, "dlq", "show", $"{replayed}");
        var discard = await production.RunAsync("operator", provisions: false, "dlq", "discard", $"{discarded}", "--yes");
        var republish = await production.RunAsync("operator", provisions: false, "republish", "--since", "1h");
        var check = await production.RunAsync("operator", provisions: false, "check-env");

        list.Output.ShouldContain("by chance");
        (replay.ExitCode, show.ExitCode, discard.ExitCode, republish.ExitCode, check.ExitCode).ShouldBe((0, 0, 0, 0, 0), $"{replay}{show}{discard}{republish}{check}");
        replay.Output.ShouldContain("it has taken effect (201)");
        discard.Output.ShouldContain("discarded");
        republish.Output.ShouldContain("recognised as repeats");
    }

    [Fact]
    public async Task the_provisioner_finds_everything_as_it_should_be_and_may_do_it_again()
    {
        (await production.RunAsync("provisioner", provisions: true, "resources", "setup")).ExitCode.ShouldBe(0);

        var (exitCode, output) = await production.RunAsync("provisioner", provisions: true, "check-env");
        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task a_service_that_lacks_a_permission_ends_with_one_line_that_names_it()
    {
        var (exitCode, output) = await production.RunAsync("acme", provisions: false, "run");

        exitCode.ShouldBe(1);
        output.Trim().ShouldNotContain('\n');
        output.ShouldContain("The server forbids this user to ");
        output.ShouldContain("publish to '$JS.API.INFO'");
    }

    // As a worker leaves it that gives a command up.
    private async Task<ulong> WriteLetterAsync()
    {
        await using var worker = production.Connect("service");
        var ack = await new NatsJSContext(worker).PublishAsync(
            "dlq.ticket.acme.create",
            """{"title": "Given up", "created_by": "bob"}""",
            headers: new NatsHeaders
            {
                ["Dlq-Subject"] = "ticket.commands.acme.create",
                ["Dlq-Stream"] = "TICKET_COMMANDS",
                ["Dlq-Consumer"] = "ticket-workers",
                ["Dlq-Msg-Id"] = Guid.NewGuid().ToString(),
                ["Dlq-Reason"] = "InvalidOperationException: by chance",
            });
        ack.EnsureSuccess();
        return ack.Seq;
    }

    private static System.Net.Http.Json.JsonContent JsonContent(object body) => System.Net.Http.Json.JsonContent.Create(body);
}
