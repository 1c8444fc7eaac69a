using System.Net.Http.Json;
using System.Text.Json;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Diagnostics;

/// <summary><c>explain</c> tells why something had an effect, or had none.</summary>
public sealed class Explanations(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task the_way_of_a_ticket_is_told_from_its_request_to_the_delivered_notification()
    {
        var ticket = await CreateAsync(running.Service, "A critical printer");
        await running.Nats.EventsAsync(_tenant, "notification.delivered");

        var (exitCode, output) = await running.Service.RunAsync("explain", ticket, "--json");

        exitCode.ShouldBe(0, output);
        using var told = JsonDocument.Parse(output);
        var steps = told.RootElement.GetProperty("steps").EnumerateArray().ToArray();
        steps.Select(step => step.GetProperty("where").GetString())
            .ShouldBe(["request", "handler", "database", "TICKET_EVENTS", "TICKET_EVENTS", "notification", "notification"], ignoreOrder: true);
        steps.Select(step => step.GetProperty("at").GetDateTimeOffset()).ShouldBeInOrder();
        steps.Select(step => step.GetProperty("what").GetString()!).ShouldContain(what => what.StartsWith("ticket.created", StringComparison.Ordinal) && what.Contains("at sequence"));

        // The events of a change may be published twice, at a retry, and the last of them be stored after the delivery.
        steps.Last(step => step.GetProperty("where").GetString() == "notification").GetProperty("what").GetString()!.ShouldEndWith("is delivered");
    }

    [Fact]
    public async Task a_change_is_found_by_its_command_its_event_its_notification_and_the_id_that_the_command_was_sent_with()
    {
        var ticket = await CreateAsync(running.Service, "A critical printer");
        await running.Nats.EventsAsync(_tenant, "notification.delivered");
        var messageId = $"by-{_tenant}";
        (await running.Service.RunAsync("send", _tenant, "update", $$"""{"ticket_id": "{{ticket}}", "status": "in_progress"}""", "--id", messageId)).ExitCode.ShouldBe(0);
        var audit = await ItemAsync("/api/v1/audit");
        var notification = await ItemAsync("/api/v1/notifications");

        foreach (var id in (string[])[messageId, audit.GetProperty("id").GetString()!, audit.GetProperty("command_id").GetString()!])
        {
            var (exitCode, output) = await running.Service.RunAsync("explain", id);
            exitCode.ShouldBe(0, output);
            output.ShouldContain("ticket.status_changed");
            output.ShouldNotContain("ticket.created");
        }

        (await running.Service.RunAsync("explain", notification.GetProperty("id").GetString()!, "--tenant", _tenant)).Output.ShouldContain("ticket.created");
    }

    [Fact]
    public async Task a_command_that_was_given_up_is_told_with_its_reason_and_what_to_do()
    {
        await running.Service.RunAsync("send", _tenant, "create", "{}", "--id", $"poison-{_tenant}");

        var (exitCode, output) = await running.Service.RunAsync("explain", $"poison-{_tenant}");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("title: is required");
        output.ShouldContain("./tickets dlq show");
    }

    [Fact]
    public async Task the_only_command_of_a_tenant_is_told_with_the_reason_why_it_was_refused()
    {
        var refused = await running.Service.RunAsync(
            "send", _tenant, "update", $$"""{"ticket_id": "{{Guid.CreateVersion7()}}", "status": "closed"}""", "--id", $"refused-{_tenant}");

        var (exitCode, output) = await running.Service.RunAsync("explain", $"refused-{_tenant}");

        exitCode.ShouldNotBe(0, refused.Output);
        output.ShouldContain("it was refused with 404");
    }

    [Fact]
    public async Task of_a_ticket_that_was_changed_often_the_newest_changes_are_told_and_where_the_others_are()
    {
        var ticket = await CreateAsync(running.Service, "Changed often");
        foreach (var turn in Enumerable.Range(1, 50))
        {
            using var changed = await running.Service.PatchAsync(_tenant, $"/api/v1/tickets/{ticket}", new { title = $"Changed {turn} times" });
        }

        var (_, output) = await running.Service.RunAsync("explain", ticket, "--tenant", _tenant, "--json");

        using var told = JsonDocument.Parse(output);
        var steps = told.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("what").GetString()!).ToArray();
        steps.Single(step => step.Contains($"GET /api/v1/tickets/{ticket}/history", StringComparison.Ordinal)).ShouldContain("its newest 50 changes");
        steps.ShouldNotContain(step => step.EndsWith("becomes version 1", StringComparison.Ordinal));
        steps.Count(step => step.Contains("becomes version", StringComparison.Ordinal)).ShouldBe(50);
    }

    [Fact]
    public async Task what_left_no_trace_is_said_to_have_left_none()
    {
        var (exitCode, output) = await running.Service.RunAsync("explain", Guid.CreateVersion7().ToString());

        exitCode.ShouldNotBe(0);
        output.ShouldContain("FAIL  there is no trace of it");
    }

    [Fact]
    public async Task a_command_that_nobody_takes_is_told_to_wait_and_for_whom()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await service.StopAsync();
        (await service.RunAsync("send", _tenant, "create", """{"title": "Alone", "created_by": "ada"}""", "--id", "alone", "--wait", "0")).ExitCode.ShouldBe(0);

        var (exitCode, output) = await service.RunAsync("explain", "alone");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("accepted on");
        output.ShouldContain("no process handles commands");
    }

    [Fact]
    public async Task a_command_is_found_however_far_back_it_waits()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);
        await service.RunAsync("resources", "setup");
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        foreach (var batch in Enumerable.Range(0, 6_000).Chunk(500))
        {
            await Task.WhenAll(batch.Select(_ => jetStream.PublishAsync($"ticket.commands.{_tenant}.create", "{}").AsTask()));
        }

        await jetStream.PublishAsync($"ticket.commands.{_tenant}.create", "{}", opts: new NatsJSPubOpts { MsgId = "the last" });

        (await service.RunAsync("explain", "the last")).Output.ShouldContain("at sequence 6001, and not acknowledged yet");
    }

    [Fact]
    public async Task the_events_of_all_changes_are_looked_for_in_one_reading()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        var ticket = await CreateAsync(service, "Changed often");
        foreach (var title in (string[])["one", "two", "three"])
        {
            using var changed = await service.PatchAsync(_tenant, $"/api/v1/tickets/{ticket}", new { title });
        }

        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "its events are sent");
        await using var connection = nats.Connect();
        await using var readings = await connection.SubscribeCoreAsync<string>("$JS.API.CONSUMER.CREATE.TICKET_EVENTS.>");

        var (exitCode, output) = await service.RunAsync("explain", ticket);
        await connection.PingAsync();

        exitCode.ShouldBe(0, output);
        output.Split('\n').Count(line => line.Contains(" at sequence ", StringComparison.Ordinal)).ShouldBe(8, output);

        // A reading that the server lets pause goes on by sequence.
        List<string> places = [];
        while (readings.Msgs.TryRead(out var place))
        {
            places.Add(place.Data!);
        }

        places.Count(place => place.Contains("by_start_time", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task events_that_wait_and_events_that_are_lost_are_told_apart()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        var ticket = await CreateAsync(service, "First");
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "its events are sent");
        await jetStream.PurgeStreamAsync("TICKET_EVENTS", new StreamPurgeRequest());
        var stream = (await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.Config;
        stream.MaxBytes = 10;
        stream.Discard = StreamConfigDiscard.New;
        await jetStream.UpdateStreamAsync(stream);
        var waiting = await CreateAsync(service, "Second");

        (await service.RunAsync("explain", ticket)).Output.ShouldContain("./tickets republish --since");
        var (exitCode, output) = await service.RunAsync("explain", waiting);

        exitCode.ShouldNotBe(0);
        output.ShouldContain("waits to be sent");
        output.ShouldNotContain("republish");
    }

    [Fact]
    public async Task what_the_database_knows_is_told_while_nats_is_away()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        var ticket = await CreateAsync(service, "Before");
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "its events are sent");
        await nats.StopAsync();

        var (exitCode, output) = await service.RunAsync("explain", ticket);

        exitCode.ShouldNotBe(0);
        output.ShouldContain("ticket.created");
        output.ShouldContain("FAIL  NATS can't be asked");
    }

    private async Task<string> CreateAsync(TicketService service, string title)
    {
        using var created = await service.CreateAsync(_tenant, title);
        return (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> ItemAsync(string path)
    {
        using var answer = await running.Service.GetAsync(_tenant, path);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items")[0];
    }
}
