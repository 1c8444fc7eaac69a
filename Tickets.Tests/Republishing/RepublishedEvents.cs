using System.Net.Http.Json;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Republishing;

public sealed class RepublishedEventsOnSqlite(RunningService running) : RepublishedEvents(running), IClassFixture<RunningService>;

public sealed class RepublishedEventsOnPostgreSql(RunningOnPostgreSql running) : RepublishedEvents(running), IClassFixture<RunningOnPostgreSql>;

/// <summary><c>republish</c> rebuilds events from the database as they were.</summary>
public abstract class RepublishedEvents(RunningService running)
{
    // Nobody has kept them.
    private static readonly string[] NotRebuilt = ["traceparent", "ce-correlationid"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_stream_that_has_lost_its_events_gets_them_again_to_the_letter()
    {
        await ChangeAsync();
        var before = await EventsAsync(count: 11);

        await _nats.ForgetIdsAsync("TICKET_EVENTS");
        await PurgeAsync();
        var runs = await Eventually.Async(
            async () => (Result: await RepublishAsync(), Events: await EventsAsync(count: 0)),
            run => run.Events.Count >= before.Count,
            Limit,
            "all events are there again");

        runs.Result.GetProperty("changes").GetInt64().ShouldBe(5);
        runs.Result.GetProperty("events").GetInt64().ShouldBe(before.Count);
        runs.Events.Select(Written).Order().ShouldBe(before.Select(Written).Order());
    }

    [Fact]
    public async Task what_the_stream_has_is_recognised_and_not_stored_again()
    {
        await _nats.RememberIdsAsync("TICKET_EVENTS", TimeSpan.FromMinutes(10));
        await ChangeAsync();
        var before = await EventsAsync(count: 11);

        var (exitCode, output) = await _service.RunAsync("republish", "--since", "1h", "--tenant", _tenant);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("ok    11 events of 5 changes from ");
        output.ShouldContain(": 0 stored, 11 recognised as repeats");
        (await EventsAsync(count: 11)).Count.ShouldBe(before.Count);
    }

    [Fact]
    public async Task a_dry_run_counts_and_publishes_nothing_and_a_span_holds_only_its_changes()
    {
        await ChangeAsync();
        await EventsAsync(count: 11);
        await _nats.ForgetIdsAsync("TICKET_EVENTS");
        await PurgeAsync();

        var dry = await RepublishAsync("--dry-run");
        var earlier = await RepublishAsync("--until", "30m");

        (dry.GetProperty("events").GetInt64(), dry.GetProperty("stored").GetInt64()).ShouldBe((11, 0));
        earlier.GetProperty("changes").GetInt64().ShouldBe(0);
        (await EventsAsync(count: 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task without_an_end_it_is_also_for_changes_of_a_process_whose_clock_was_ahead()
    {
        using var created = await _service.CreateAsync(_tenant, "Of today");
        await EventsAsync(count: 2);
        await FastClock.ChangeAsync(_service, _tenant);

        var (exitCode, output) = await _service.RunAsync("republish", "--since", "1h", "--tenant", _tenant);
        var until = await RepublishAsync("--until", "0s");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("ok    4 events of 2 changes from ");
        output.ShouldContain(" to now: ");
        await EventsAsync(count: 4);
        until.GetProperty("changes").GetInt64().ShouldBe(1);
    }

    [Theory]
    [InlineData("1h")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task without_a_tenant_it_is_for_all_of_them(string since)
    {
        using var mine = await _service.CreateAsync(_tenant, "Mine");
        using var others = await _service.CreateAsync(RunningService.NewTenant(), "Another's");

        var (exitCode, output) = await _service.RunAsync("republish", "--since", since, "--dry-run", "--json");

        exitCode.ShouldBe(0, output);
        JsonIn(output).GetProperty("changes").GetInt64().ShouldBeGreaterThanOrEqualTo(2);
    }

    [Theory]
    [InlineData("say since when", "republish")]
    [InlineData("--since is a time such as", "republish", "--since", "once")]
    [InlineData("--until is after --since", "republish", "--since", "1h", "--until", "2h")]
    [InlineData("--tenant is", "republish", "--since", "1h", "--tenant", "a.b")]
    public async Task what_can_not_be_done_is_said_in_one_line(string fault, params string[] words)
    {
        var (exitCode, output) = await _service.RunAsync(words);

        exitCode.ShouldBe(1, output);
        output.Split('\n').Single(line => line.StartsWith("FAIL", StringComparison.Ordinal)).ShouldContain(fault);
    }

    // Five changes, and every kind of event that a ticket has.
    private async Task ChangeAsync()
    {
        using var created = await _service.PostAsync(
            _tenant, JsonContent.Create(new { title = "Möwe & <Drucker>", description = "\"Rauch\"", created_by = "ada", tags = new[] { "a", "b" } }), ("X-Correlation-ID", "c-1"));
        var path = created.Headers.Location!.ToString();
        using var changed = await _service.PatchAsync(_tenant, path, new { priority = "high", assignee = "bob", due_at = "2030-01-31T09:00:00.123Z" });
        using var comment = await _service.SendAsync(
            HttpMethod.Post, _tenant, $"{path}/comments", JsonContent.Create(new { author = "bob", body = "Ja.\n" }));
        using var moved = await _service.PatchAsync(_tenant, path, new { status = "in_progress" });
        using var deleted = await _service.SendAsync(HttpMethod.Delete, _tenant, path, body: null, ("Actor", "eve"));
        foreach (var response in new[] { created, changed, comment, moved, deleted })
        {
            response.EnsureSuccessStatusCode();
        }
    }

    private Task<IReadOnlyList<NatsMsg<string>>> EventsAsync(int count) => Eventually.Async(
        async () => (IReadOnlyList<NatsMsg<string>>)
        [
            .. (await _nats.ReadAsync("TICKET_EVENTS")).Where(m => m.Header("tenant") == _tenant && !m.Subject.StartsWith("notification.", StringComparison.Ordinal)),
        ],
        found => found.Count >= count,
        Limit,
        $"{count} events");

    private static string Written(NatsMsg<string> message) =>
        $"{message.Subject} {string.Join(' ', message.Headers!.Where(header => !NotRebuilt.Contains(header.Key)).Select(header => $"{header.Key}={header.Value}").Order())} {message.Data}";

    private async Task<JsonElement> RepublishAsync(params string[] words)
    {
        var (exitCode, output) = await _service.RunAsync(["republish", "--since", "1h", "--tenant", _tenant, "--json", .. words]);
        exitCode.ShouldBe(0, output);
        return JsonIn(output);
    }

    private static JsonElement JsonIn(string output) =>
        JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith('{'))).RootElement;

    // This tenant's alone: other tests read the stream at the same time.
    private async Task PurgeAsync()
    {
        await using var connection = _nats.Connect();
        var jetStream = new NatsJSContext(connection);
        var stream = await jetStream.GetStreamAsync("TICKET_EVENTS");
        for (var next = 1UL; next <= stream.Info.State.LastSeq; next++)
        {
            if (await HasAsync(stream, next))
            {
                await stream.DeleteMessageAsync(new StreamMsgDeleteRequest { Seq = next });
            }
        }
    }

    private async Task<bool> HasAsync(INatsJSStream stream, ulong sequence)
    {
        try
        {
            var headers = Convert.FromBase64String((await stream.GetAsync(new StreamMsgGetRequest { Seq = sequence })).Message.Hdrs!);
            return System.Text.Encoding.ASCII.GetString(headers).Contains(_tenant, StringComparison.Ordinal);
        }
        catch (NatsJSApiException)
        {
            // Deleted already.
            return false;
        }
    }
}
