using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class Outages
{
    private const string Tenant = "outages";
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task without_nats_nothing_is_accepted_and_nothing_comes_to_pass_later()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        using (var before = await service.CreateAsync(Tenant, "Before"))
        {
            before.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        await nats.StopAsync();
        var clock = Stopwatch.StartNew();
        var refused = await Task.WhenAll(Enumerable.Range(1, 5).Select(i => service.CreateAsync(Tenant, $"Refused {i}")));

        clock.Elapsed.ShouldBeLessThan(Wait);
        foreach (var response in refused)
        {
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            response.Headers.RetryAfter!.Delta.ShouldNotBeNull();
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            response.Dispose();
        }

        (await service.IsReadyAsync()).ShouldBeFalse();
        await nats.RestartAsync();
        await Eventually.Async(service.IsReadyAsync, ready => ready, Recovery, "the service goes on by itself");
        using var after = await service.CreateAsync(Tenant, "After");

        after.StatusCode.ShouldBe(HttpStatusCode.Created);
        await QueueIsEmptyAsync(nats);
        (await service.ListAsync(Tenant)).Select(t => t.GetProperty("title").GetString()).ShouldBe(["After", "Before"]);
    }

    [Theory]
    [InlineData("wait=30")]
    [InlineData("respond-async")]
    public async Task what_the_stream_of_commands_has_no_room_for_is_refused_and_changes_nothing(string preference)
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        var room = (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.Config.MaxBytes;
        await UpdateAsync(jetStream, config => config.MaxBytes = 1);

        using var refused = await service.PostAsync(Tenant, JsonContent.Create(new { title = "Refused", created_by = "ada" }), ("Prefer", preference));

        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        refused.Headers.Contains("Preference-Applied").ShouldBeFalse();
        await UpdateAsync(jetStream, config => config.MaxBytes = room);
        (await service.CreateAsync(Tenant, "Taken")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.ListAsync(Tenant)).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Taken");
    }

    [Fact]
    public async Task what_nats_will_never_take_is_too_large_and_changes_nothing()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        await UpdateAsync(new NatsJSContext(connection), config => config.MaxMsgSize = 4096);

        using var refused = await service.CreateAsync(Tenant, "Large", new string('x', 10_000));
        var answer = await connection.RequestAsync<string, string>(
            $"ticket.api.{Tenant}.create", $$"""{"title": "Large", "description": "{{new string('x', 10_000)}}", "created_by": "ada"}""");

        var problem = await refused.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        problem.GetProperty("detail").GetString()!.ShouldContain("max_msg_size");
        problem.GetProperty("size").GetInt64().ShouldBeGreaterThan(10_000);
        answer.Data!.ShouldContain("payload_too_large");
        answer.Json().GetProperty("size").GetInt64().ShouldBeGreaterThan(10_000);
        (await service.CreateAsync(Tenant, "Small")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.ListAsync(Tenant)).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Small");
    }

    [Fact]
    public async Task a_command_that_nats_stores_after_its_caller_was_refused_changes_nothing()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);

        nats.Suspend();
        using var refused = await service.CreateAsync(Tenant, "Refused");
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        nats.Resume();

        // It was on its way in a socket: the frozen server takes it now.
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await Eventually.Async(
            async () => (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.LastSeq, last => last == 1, Recovery, "the command is stored");
        await QueueIsEmptyAsync(nats);
        (await service.ListAsync(Tenant)).ShouldBeEmpty();
        (await nats.ReadAsync("TICKET_EVENTS")).ShouldBeEmpty();
        (await nats.ReadAsync("TICKET_DLQ")).ShouldBeEmpty();
        Stored.Count(service, "dead_letters").ShouldBe(0);
    }

    [Fact]
    public async Task without_nats_and_database_the_outcome_is_said_to_be_unknown_and_told_of_later()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        nats.Suspend();
        string operation;
        await using (var locked = new SqliteConnection($"Data Source={service.DatabasePath};Pooling=false"))
        {
            await locked.OpenAsync();
            await locked.ExecuteAsync("BEGIN IMMEDIATE");

            using var unknown = await service.CreateAsync(Tenant, "Unknown");

            unknown.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
            (await unknown.JsonAsync()).GetProperty("code").GetString().ShouldBe("outcome_unknown");
            unknown.Headers.RetryAfter!.Delta.ShouldNotBeNull();
            operation = unknown.Headers.Location!.OriginalString;
        }

        nats.Resume();
        await Eventually.Async(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, operation) { Headers = { { "X-Tenant-ID", Tenant } } };
                using var answer = await service.Http.SendAsync(request);
                return (await answer.JsonAsync()).GetProperty("status").GetString();
            },
            status => status == "failed",
            Recovery,
            "the operation is settled");
        await QueueIsEmptyAsync(nats);
        (await service.ListAsync(Tenant)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_repeat_of_a_request_that_has_no_answer_yet_is_told_to_come_again()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        (await service.CreateAsync(Tenant, "Earlier")).StatusCode.ShouldBe(HttpStatusCode.Created);
        nats.Suspend();

        var first = PostAsync("wait=10");
        await Eventually.Async(
            () => service.Http.GetStringAsync("/metrics"),
            metrics => metrics.Split('\n').Any(line => line.StartsWith("http_server_active_requests", StringComparison.Ordinal)
                && line.Contains("\"POST\"", StringComparison.Ordinal) && line.Contains("} 1", StringComparison.Ordinal)),
            Recovery,
            "the first request has begun");
        using var repeat = await PostAsync("wait=1");
        (await repeat.ProblemAsync(HttpStatusCode.Conflict, "request_in_flight")).GetProperty("status").GetInt32().ShouldBe(409);
        repeat.Headers.RetryAfter.ShouldNotBeNull();

        using var withdrawn = await first;
        withdrawn.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        nats.Resume();
        await Eventually.Async(service.IsReadyAsync, ready => ready, Recovery, "the service goes on");
        using var again = await PostAsync("wait=10");
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        (await service.ListAsync(Tenant)).Count.ShouldBe(2);

        Task<HttpResponseMessage> PostAsync(string prefer) => service.PostAsync(
            Tenant, JsonContent.Create(new { title = "Once", created_by = "ada" }), ("Idempotency-Key", "k"), ("Prefer", prefer));
    }

    [Fact]
    public async Task while_the_database_is_locked_what_was_accepted_waits_and_nothing_more_is_accepted()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var other = new SqliteConnection($"Data Source={service.DatabasePath};Pooling=false");
        await other.OpenAsync();
        await using var held = await other.BeginTransactionAsync();

        using var accepted = await service.PostAsync(
            Tenant, JsonContent.Create(new { title = "Accepted", created_by = "ada" }), ("Prefer", "respond-async"));
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Async(service.IsReadyAsync, ready => !ready, Recovery, "the service says that it is not ready");
        using var refused = await service.CreateAsync(Tenant, "Refused");
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await held.RollbackAsync();

        await Eventually.Async(service.IsReadyAsync, ready => ready, Recovery, "the service goes on by itself");
        await QueueIsEmptyAsync(nats);
        (await service.ListAsync(Tenant)).Select(t => t.GetProperty("title").GetString()).ShouldBe(["Accepted"]);
    }

    [Fact]
    public async Task a_consumer_that_is_deleted_is_made_again_and_the_work_goes_on()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();

        await new NatsJSContext(connection).DeleteConsumerAsync("TICKET_COMMANDS", "ticket-workers");
        using var created = await service.PostAsync(
            Tenant, JsonContent.Create(new { title = "Survives", created_by = "ada" }), ("Prefer", "wait=15"));

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task a_stop_under_load_finishes_what_runs_and_loses_nothing()
    {
        const int commands = 200;
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        foreach (var i in Enumerable.Range(1, commands))
        {
            await jetStream.PublishAsync($"ticket.commands.{Tenant}.create", $$"""{"title": "{{i}}", "created_by": "load"}""");
        }

        await Eventually.Async(() => Stored.Count(service, "tickets") > 0, Recovery, "the work has begun");
        await service.StopAsync();
        var done = Stored.Count(service, "tickets");
        var pending = (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.Messages;

        // Finished work was acknowledged before the process ended, so exactly the rest is left.
        ((long)pending + done).ShouldBe(commands);
        await service.StartAgainAsync();
        await QueueIsEmptyAsync(nats);
        Stored.Count(service, "tickets").ShouldBe(commands);
    }

    private static async Task UpdateAsync(NatsJSContext jetStream, Action<StreamConfig> change)
    {
        var config = (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.Config;
        change(config);
        await jetStream.UpdateStreamAsync(config);
    }

    private static async Task QueueIsEmptyAsync(NatsServer nats)
    {
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await Eventually.Async(
            async () => (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.Messages, left => left == 0, Recovery * 3, "the queue is empty");
    }
}
