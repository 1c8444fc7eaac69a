using System.Net;
using System.Text.Json;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>One process that answers and one that handles, on the same PostgreSQL database.</summary>
public sealed class Roles
{
    private const string Ticket = """{"title": "Printer on fire", "created_by": "ada"}""";
    private const string Severe = """{"title": "Printer on fire", "created_by": "ada", "priority": "critical"}""";

    [Fact]
    public async Task what_one_process_accepts_another_handles_and_answers()
    {
        await using var nats = await NatsServer.StartAsync();
        var url = await SharedPostgreSql.NewEmptyDatabaseAsync();
        await using var api = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "api"));

        using var accepted = await PostAsync(api, Ticket, ("Prefer", "respond-async"));
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await nats.ReadAsync("TICKET_COMMANDS")).Count.ShouldBe(1);

        await using var worker = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "worker"));
        var operation = accepted.Headers.Location!;
        await Eventually.Async(
            async () => await (await GetAsync(api, operation)).Content.ReadAsStringAsync(),
            body => JsonDocument.Parse(body).RootElement.GetProperty("status").GetString() == "succeeded",
            TimeSpan.FromSeconds(15),
            "the worker has handled it");

        using var created = await PostAsync(api, Ticket);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await GetAsync(api, created.Headers.Location!)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(worker, created.Headers.Location!)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_repeat_while_nats_is_frozen_does_not_withdraw_what_was_accepted_and_another_body_is_refused()
    {
        const string Key = "Idempotency-Key";
        await using var nats = await NatsServer.StartAsync();
        var url = await SharedPostgreSql.NewEmptyDatabaseAsync();
        await using var api = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "api"));
        using var accepted = await PostAsync(api, Ticket, (Key, "k"), ("Prefer", "respond-async"));
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        nats.Suspend();
        using var repeat = await PostAsync(api, Ticket, (Key, "k"), ("Prefer", "wait=1"));
        using var other = await PostAsync(api, Severe.Replace("fire", "ice", StringComparison.Ordinal), (Key, "k"), ("Prefer", "respond-async"));
        nats.Resume();

        await repeat.ProblemAsync(HttpStatusCode.Conflict, "request_in_flight");
        repeat.Headers.RetryAfter.ShouldNotBeNull();
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        await using var worker = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "worker"));
        using var done = await PostAsync(api, Ticket, (Key, "k"), ("Prefer", "wait=20"));
        done.StatusCode.ShouldBe(HttpStatusCode.Created);
        done.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
    }

    [Fact]
    public async Task a_repeat_in_another_process_while_nats_is_frozen_does_not_withdraw_what_was_accepted()
    {
        (string, string)[] keyed = [("Idempotency-Key", "k"), ("Prefer", "respond-async")];
        await using var nats = await NatsServer.StartAsync();
        var url = await SharedPostgreSql.NewEmptyDatabaseAsync();
        await using var first = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "api"));
        await using var second = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "api"));
        using var accepted = await PostAsync(first, Ticket, keyed);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        nats.Suspend();
        using var repeat = await PostAsync(second, Ticket, keyed);
        nats.Resume();

        await repeat.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        await using var worker = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "worker"));
        var operation = await Eventually.Async(
            async () => await (await GetAsync(second, accepted.Headers.Location!)).JsonAsync(),
            told => told.GetProperty("status").GetString() != "pending",
            TimeSpan.FromSeconds(15),
            "what was accepted is handled");
        operation.GetProperty("status").GetString().ShouldBe("succeeded");
        using var done = await PostAsync(second, Ticket, ("Idempotency-Key", "k"), ("Prefer", "wait=20"));
        done.StatusCode.ShouldBe(HttpStatusCode.Created);
        done.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        done.Headers.Location!.ToString().ShouldContain(operation.GetProperty("result").GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task what_was_given_up_can_be_sent_again_with_its_key_to_the_process_that_accepted_it()
    {
        const int deadly = 20;
        (string, string)[] keyed = [("Idempotency-Key", "k"), ("Prefer", "respond-async")];
        await using var nats = await NatsServer.StartAsync();
        var url = await SharedPostgreSql.NewEmptyDatabaseAsync();
        await using var api = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "api"));
        await using var worker = TicketService.NotStarted(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "worker"));
        (await worker.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);
        using var accepted = await PostAsync(api, Ticket, keyed);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        // As if a worker had died of it each time.
        await using var connection = nats.Connect();
        var consumer = await new NatsJSContext(connection).GetConsumerAsync("TICKET_COMMANDS", "ticket-workers");
        for (var i = 0; i < deadly; i++)
        {
            var delivery = await consumer.NextAsync<string>();
            await delivery!.NakAsync(new AckOpts { DoubleAck = true });
        }

        await worker.StartAgainAsync();
        await Eventually.Async(
            async () => (await (await GetAsync(api, accepted.Headers.Location!)).JsonAsync()).GetProperty("status").GetString(),
            status => status == "failed",
            TimeSpan.FromSeconds(15),
            "it is given up");

        // Its client may have found what was wrong with it.
        using var again = await PostAsync(api, Severe, ("Idempotency-Key", "k"), ("Prefer", "wait=20"));
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }

    [Fact]
    public async Task notifications_are_delivered_by_the_process_whose_part_they_are()
    {
        await using var nats = await NatsServer.StartAsync();
        var url = await SharedPostgreSql.NewEmptyDatabaseAsync();
        await using var front = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "api,commands"));
        using var created = await PostAsync(front, Severe);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        await ArrivedAsync(nats, "notification.requested");

        await using var notifier = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "notifications"));
        await ArrivedAsync(nats, "notification.delivered");
        await notifier.SaysAsync("\"reason\":\"severe\"");
        front.Output.ShouldNotContain("\"reason\":\"severe\"");
    }

    [Theory]
    [InlineData("api", "a SQLite file belongs to one process")]
    [InlineData("api,notifications", "a SQLite file belongs to one process")]
    [InlineData("boss", "write all, or some of api, commands and notifications")]
    [InlineData("api,", "write all, or some of api, commands and notifications")]
    public async Task a_role_that_can_not_be_is_refused_with_one_clear_line(string role, string remedy)
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats, ("TICKETS_ROLE", role));

        var (exitCode, output) = await service.RunAsync("run");

        exitCode.ShouldBe(2);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldStartWith($"TICKETS_ROLE is '{role}': {remedy}");
    }

    private static Task ArrivedAsync(NatsServer nats, string type) => Eventually.Async(
        async () => (await nats.ReadAsync("TICKET_EVENTS")).Any(message => message.Subject == type),
        arrived => arrived,
        TimeSpan.FromSeconds(15),
        $"{type} is in the stream");

    private static async Task<HttpResponseMessage> PostAsync(TicketService service, string ticket, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tickets") { Content = new StringContent(ticket, null, "application/json") };
        request.Headers.Add("X-Tenant-ID", "acme");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await service.Http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> GetAsync(TicketService service, Uri path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Tenant-ID", "acme");
        return await service.Http.SendAsync(request);
    }
}
