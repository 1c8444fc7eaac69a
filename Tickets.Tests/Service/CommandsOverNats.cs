using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public sealed class CommandsOverNatsOnSqlite(RunningService running) : CommandsOverNats(running), IClassFixture<RunningService>;

public sealed class CommandsOverNatsOnPostgreSql(RunningOnPostgreSql running) : CommandsOverNats(running), IClassFixture<RunningOnPostgreSql>;

public abstract class CommandsOverNats(RunningService running)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_stranger_that_publishes_bare_json_gets_the_same_effect_and_the_outcome_at_its_inbox()
    {
        await using var connection = _nats.Connect();
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);

        await PublishAsync(connection, "create", """{"title": "From NATS", "created_by": "bob"}""", new NatsHeaders { ["Reply-To"] = inbox });

        var answer = await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit);
        answer.Data!.ShouldContain("\"status\":201");
        var ticket = (await _service.ListAsync(_tenant)).Single();
        ticket.GetProperty("title").GetString().ShouldBe("From NATS");
        ticket.GetProperty("created_by").GetString().ShouldBe("bob");
    }

    [Fact]
    public async Task a_ticket_leaves_its_events_as_cloud_events_and_its_audit_record()
    {
        using var created = await _service.CreateAsync(_tenant, "Plain");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);

        var events = await _nats.EventsAsync(_tenant, "ticket.created", "audit.recorded");

        events.Select(e => e.Subject).Order().ShouldBe(["audit.recorded", "ticket.created"]);
        var ticketCreated = events.Single(e => e.Subject == "ticket.created");
        var id = created.Headers.Location!.ToString().Split('/')[^1];
        ticketCreated.Header("ce-specversion").ShouldBe("1.0");
        ticketCreated.Header("ce-type").ShouldBe("ticket.created");
        ticketCreated.Header("ce-source").ShouldBe("/ticket-svc");
        ticketCreated.Header("ce-subject").ShouldBe(id);
        ticketCreated.Header("ce-id").ShouldBe(ticketCreated.Header("Nats-Msg-Id"));
        DateTimeOffset.TryParse(ticketCreated.Header("ce-time"), out _).ShouldBeTrue();
        ticketCreated.Json().GetProperty("ticket").GetProperty("number").GetInt64().ShouldBe(1);
        ticketCreated.Json().GetProperty("version").GetInt32().ShouldBe(1);
        var audit = events.Single(e => e.Subject == "audit.recorded").Json();
        audit.GetProperty("actor").GetString().ShouldBe("ada");
        audit.GetProperty("door").GetString().ShouldBe("http");
        audit.GetProperty("trace_id").GetString().ShouldNotBeNullOrEmpty();
        audit.GetProperty("after").GetProperty("id").GetString().ShouldBe(id);
        await Eventually.Async(() => Stored.Count(_service, "audit", _tenant) == 1, Limit, "the audit trail has the record");
    }

    [Fact]
    public async Task what_ties_a_request_to_what_follows_is_returned_and_kept_through_every_message()
    {
        using var created = await _service.PostAsync(
            _tenant, JsonContent.Create(new { title = "critical", created_by = "ada" }), ("X-Correlation-ID", $"order-{_tenant}"));

        created.Headers.GetValues("X-Correlation-ID").ShouldBe([$"order-{_tenant}"]);
        var events = await _nats.EventsAsync(_tenant, "ticket.created", "audit.recorded", "notification.requested", "notification.delivered");
        events.ShouldAllBe(message => message.Header("ce-correlationid") == $"order-{_tenant}");
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("no trace")]
    [InlineData(null)]
    public async Task every_event_belongs_to_the_trace_of_its_command_or_to_one_that_begins_with_it(string? given)
    {
        await using var connection = _nats.Connect();

        await PublishAsync(
            connection, "create", """{"title": "critical", "created_by": "bob"}""", given is null ? null : new NatsHeaders { ["traceparent"] = given });

        var events = await _nats.EventsAsync(_tenant, "ticket.created", "audit.recorded", "notification.requested", "notification.delivered");
        var trace = events.Select(message => ActivityContext.Parse(message.Header("traceparent")!, traceState: null).TraceId.ToString()).Distinct().ShouldHaveSingleItem();
        events.Single(message => message.Subject == "audit.recorded").Json().GetProperty("trace_id").GetString().ShouldBe(trace);
        if (given?.StartsWith("00-", StringComparison.Ordinal) == true)
        {
            trace.ShouldBe(given.Split('-')[1]);
        }
    }

    [Fact]
    public async Task a_severe_ticket_asks_for_a_notification_that_is_delivered_once()
    {
        using var created = await _service.CreateAsync(_tenant, "Plain title", "this is critical");

        var events = await _nats.EventsAsync(_tenant, "ticket.created", "audit.recorded", "notification.requested", "notification.delivered");

        events.Count.ShouldBe(4);
        var requested = events.Single(e => e.Subject == "notification.requested").Json();
        var delivered = events.Single(e => e.Subject == "notification.delivered").Json();
        delivered.GetProperty("id").GetString().ShouldBe(requested.GetProperty("id").GetString());
        delivered.GetProperty("channel").GetString().ShouldBe("log");
        foreach (var told in new[] { requested, delivered })
        {
            told.GetProperty("ticket").GetProperty("description").GetString().ShouldBe("this is critical");
            told.GetProperty("version").GetInt32().ShouldBe(1);
            told.GetProperty("actor").GetString().ShouldBe("ada");
        }

        Stored.Count(_service, "notifications", _tenant).ShouldBe(1);
        await _service.SaysAsync(requested.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task a_repeated_command_changes_nothing_and_gets_the_first_answer()
    {
        await using var connection = _nats.Connect();
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);
        var first = await PublishOnceAsync(connection, inbox);
        var firstAnswer = await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit);
        await ShortenDuplicateWindowAsync(connection);

        // The same id is stored a second time once the stream has forgotten the first.
        await Eventually.Async(() => PublishOnceAsync(connection, inbox), ack => !ack.Duplicate, Limit, "the stream forgets the id");
        var secondAnswer = await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit);

        first.Duplicate.ShouldBeFalse();
        secondAnswer.Data.ShouldBe(firstAnswer.Data);
        (await _service.ListAsync(_tenant)).Count.ShouldBe(1);
        (await _nats.EventsAsync(_tenant, "ticket.created", "audit.recorded")).Count.ShouldBe(2);
    }

    public static TheoryData<string, string?, string, string?> Poison => new()
    {
        { "create", "{\"title\": ", "body: is not valid JSON", "body" },
        { "create", null, "the body is empty", "body" },
        { "create", "null", "body: is required: a JSON object", "body" },
        { "create", """{"created_by": "bob"}""", "title: is required", "title" },
        { "create", """{"title": "t", "created_by": "bob", "colour": "red"}""", "colour: is not a known property", "colour" },
        { "create", """{"title": "t", "created_by": "bob", "priority": "medium, high"}""", "priority: ", "priority" },
        { "create", """{"title": "t", "created_by": "bob", "title": "u"}""", "title: must not be given twice", "title" },
        { "create", """{"title": "t", "created_by": "bob", "tags": ["a\nb"]}""", "tags: must not hold control characters", "tags" },
        { "update", """{"ticket_id": "abc", "title": "t"}""", "ticket_id: has the wrong type or value", "ticket_id" },
        { "destroy", """{"title": "t"}""", "no message type is mapped", null },
    };

    [Theory]
    [MemberData(nameof(Poison), DisableDiscoveryEnumeration = true)]
    public async Task what_can_not_be_handled_is_dead_lettered_with_its_reason_and_holds_nothing_up(string verb, string? body, string reason, string? field)
    {
        await using var connection = _nats.Connect();
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);

        await PublishAsync(connection, verb, body, new NatsHeaders { ["Reply-To"] = inbox });
        using var next = await _service.CreateAsync(_tenant, "Next");

        next.StatusCode.ShouldBe(HttpStatusCode.Created);
        var letter = (await _nats.DeadLettersAsync($"dlq.ticket.{_tenant}.{verb}", 1, TimeSpan.FromSeconds(2))).ShouldHaveSingleItem();
        letter.Header("Dlq-Reason")!.ShouldContain(reason);
        letter.Header("Dlq-Reason")!.ShouldNotContain("Tickets.");
        letter.Header("Dlq-Subject").ShouldBe($"ticket.commands.{_tenant}.{verb}");
        letter.Header("Dlq-Stream").ShouldBe("TICKET_COMMANDS");
        (letter.Data ?? string.Empty).ShouldBe(body ?? string.Empty);
        var answer = (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Json();
        answer.GetProperty("status").GetInt32().ShouldBe(400);
        answer.GetProperty("body").GetProperty("code").GetString().ShouldBe("validation_failed");
        answer.GetProperty("body").ToString().ShouldContain(reason.Split(':')[0]);
        answer.GetProperty("body").ToString().ShouldNotContain("Tickets.");
        if (field is not null)
        {
            answer.GetProperty("body").GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
        }
    }

    [Theory]
    [InlineData("create", """{"title": "t", "created_by": "ada", "foo": 1}""")]
    [InlineData("create", """{"title": 7, "created_by": "ada"}""")]
    [InlineData("create", """{"title": "t", "created_by": "ada", "tags": [1]}""")]
    [InlineData("create", """{"title": "t", "created_by": "ada", "due_at": "tomorrow"}""")]
    [InlineData("create", """{"created_by": "ada"}""")]
    [InlineData("create", "{")]
    [InlineData("create", "null")]
    [InlineData("create", null)]
    [InlineData("update", """{"ticket_id": "abc"}""")]
    public async Task a_command_is_refused_with_the_errors_that_a_request_is_refused_with(string verb, string? body)
    {
        await using var connection = _nats.Connect();

        var (status, refused) = await AskAsync(connection, verb, body);

        var request = await connection.RequestAsync<byte[], string>($"ticket.api.{_tenant}.{verb}", body is null ? null : Encoding.UTF8.GetBytes(body));
        status.ShouldBe(400);
        WhatIsWrong(JsonElement.Parse(refused)).ShouldBe(WhatIsWrong(request.Json()));
    }

    [Fact]
    public async Task a_command_that_breaks_a_rule_is_refused_with_the_trace_that_begins_with_it()
    {
        await using var connection = _nats.Connect();

        var (_, refused) = await AskAsync(connection, "create", """{"created_by": "bob"}""");

        ActivityTraceId.CreateFromString(JsonElement.Parse(refused).GetProperty("trace_id").GetString()).ShouldNotBe(default);
    }

    [Fact]
    public async Task a_stranger_changes_comments_on_and_deletes_a_ticket()
    {
        await using var connection = _nats.Connect();
        using var created = await _service.CreateAsync(_tenant, "Printer");
        var path = created.Headers.Location!.ToString();
        var id = path.Split('/')[^1];

        (await AskAsync(connection, "update", $$"""{"ticket_id": "{{id}}", "if_version": 1, "status": "resolved"}""")).Status.ShouldBe(200);
        (await AskAsync(connection, "update", $$"""{"ticket_id": "{{id}}", "if_version": 1, "status": "closed"}""")).Status.ShouldBe(412);
        (await AskAsync(connection, "comment", $$"""{"ticket_id": "{{id}}", "author": "bob", "body": "Done."}""")).Body.ShouldContain("Done.");
        (await AskAsync(connection, "update", """{"title": "Which one?"}""")).Body.ShouldContain("ticket_id");
        (await AskAsync(connection, "delete", $$"""{"ticket_id": "{{id}}"}""")).ShouldBe((204, "null"));

        (await _service.GetAsync(_tenant, path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_malformed_tenant_is_dead_lettered()
    {
        await using var connection = _nats.Connect();
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);

        await new NatsJSContext(connection).PublishAsync(
            "ticket.commands.not$valid.create", """{"title": "t", "created_by": "bob"}""", headers: new NatsHeaders { ["Reply-To"] = inbox });

        var letter = (await _nats.DeadLettersAsync("dlq.ticket.not$valid.create", 1)).ShouldHaveSingleItem();
        letter.Header("Dlq-Reason")!.ShouldContain("no valid tenant");
        var answer = (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Json().GetProperty("body");
        answer.GetProperty("code").GetString().ShouldBe("invalid_tenant");
        answer.GetProperty("errors").GetProperty("tenant")[0].GetString().ShouldBe("must be 1 to 64 letters, digits, '_' or '-'");
    }

    // Nothing of it can be read but its subject.
    [Theory]
    [InlineData("destroy", "{}", "no message type is mapped")]
    [InlineData("create", null, "the body is empty")]
    public async Task what_has_no_message_is_answered_at_its_tenants_inbox_and_has_failed(string verb, string? body, string reason)
    {
        var id = Guid.CreateVersion7();
        await using var connection = _nats.Connect();
        await using var answers = await connection.SubscribeCoreAsync<string>($"_INBOX.tenant.{_tenant}.{id}");

        await PublishAsync(connection, verb, body, new NatsHeaders { ["Reply-To"] = $"_INBOX.tenant.{_tenant}.{id}", ["Nats-Msg-Id"] = id.ToString() });

        var answer = (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Json();
        answer.GetProperty("status").GetInt32().ShouldBe(400);
        answer.GetProperty("body").GetRawText().ShouldContain(reason);
        var operation = await (await _service.GetAsync(_tenant, $"/api/v1/operations/{id}")).JsonAsync();
        operation.GetProperty("status").GetString().ShouldBe("failed");
    }

    [Fact]
    public async Task commands_whose_ids_differ_in_their_encoding_alone_are_two()
    {
        await using var connection = _nats.Connect();

        foreach (var id in (string[])[$"order/{_tenant}", $"order%2F{_tenant}"])
        {
            await PublishAsync(connection, "create", """{"title": "One of two", "created_by": "bob"}""", new NatsHeaders { ["Nats-Msg-Id"] = id });
        }

        await Eventually.Async(async () => (await _service.ListAsync(_tenant)).Count, count => count == 2, Limit, "both take effect");
    }

    [Fact]
    public async Task a_stranger_can_not_choose_where_the_service_publishes()
    {
        await using var connection = _nats.Connect();
        await using var spy = await connection.SubscribeCoreAsync<string>("victim.subject");

        await PublishAsync(connection, "create", """{"title": "t", "created_by": "bob"}""", new NatsHeaders { ["Reply-To"] = "victim.subject" });

        await _nats.EventsAsync(_tenant, "ticket.created", "audit.recorded");
        await connection.PingAsync();
        spy.Msgs.TryRead(out _).ShouldBeFalse();
    }

    private async Task<(int Status, string Body)> AskAsync(NatsConnection connection, string verb, string? body)
    {
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);
        await PublishAsync(connection, verb, body, new NatsHeaders { ["Reply-To"] = inbox });
        var answer = (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Json();
        return (answer.GetProperty("status").GetInt32(), answer.GetProperty("body").GetRawText());
    }

    private static (string? Code, string Errors) WhatIsWrong(JsonElement problem) =>
        (problem.GetProperty("code").GetString(), problem.GetProperty("errors").GetRawText());

    private async Task PublishAsync(NatsConnection connection, string verb, string? body, NatsHeaders? headers = null)
    {
        var ack = await new NatsJSContext(connection).PublishAsync(
            $"ticket.commands.{_tenant}.{verb}", body is null ? [] : Encoding.UTF8.GetBytes(body), headers: headers);
        ack.EnsureSuccess();
    }

    private async Task<PubAckResponse> PublishOnceAsync(NatsConnection connection, string inbox) => await new NatsJSContext(connection).PublishAsync(
        $"ticket.commands.{_tenant}.create",
        """{"title": "Once", "created_by": "bob"}"""u8.ToArray(),
        opts: new NatsJSPubOpts { MsgId = $"order-{_tenant}" },
        headers: new NatsHeaders { ["Reply-To"] = inbox });

    // What ten minutes do to an id in production.
    private static async Task ShortenDuplicateWindowAsync(NatsConnection connection)
    {
        var jetStream = new NatsJSContext(connection);
        var stream = await jetStream.GetStreamAsync("TICKET_COMMANDS");
        stream.Info.Config.DuplicateWindow = TimeSpan.FromMilliseconds(100);
        await jetStream.UpdateStreamAsync(stream.Info.Config);
    }
}
