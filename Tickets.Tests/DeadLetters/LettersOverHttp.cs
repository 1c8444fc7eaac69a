using System.Net;
using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.DeadLetters;

/// <summary>A tenant's dead letters over HTTP.</summary>
public sealed class LettersOverHttp(RunningService running) : IClassFixture<RunningService>
{
    private const string Lists = "/api/v1/dead-letters";

    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_letter_is_shown_with_its_message_and_why_it_was_given_up()
    {
        var letter = await _nats.WriteLetterAsync(_tenant, "create", "{\"title\": \"Möwe\"", "order-7", ("Actor", "ada"));

        var shown = await GetAsync(Letters.PathOf(letter));

        shown.GetProperty("body").GetString().ShouldBe("{\"title\": \"Möwe\"");
        shown.GetProperty("headers").EnumerateObject().Select(header => $"{header.Name}: {header.Value}").ShouldBe(["Actor: ada"]);
        shown.GetProperty("replay").GetProperty("status").GetString().ShouldBe("none");
        var summary = shown.GetProperty("letter");
        summary.GetProperty("tenant").GetString().ShouldBe(_tenant);
        summary.GetProperty("subject").GetString().ShouldBe($"ticket.commands.{_tenant}.create");
        summary.GetProperty("reason").GetString().ShouldBe("InvalidOperationException: by chance");
        summary.GetProperty("stream").GetString().ShouldBe("TICKET_COMMANDS");
        var listed = (await GetAsync(Lists)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        listed.GetRawText().ShouldBe(summary.GetRawText());
    }

    [Fact]
    public async Task they_are_listed_page_by_page()
    {
        var written = new List<ulong>();
        for (var i = 0; i < 5; i++)
        {
            written.Add(await _nats.WriteLetterAsync(_tenant, "create", "{}", $"{_tenant}-{i}"));
        }

        var read = new List<ulong>();
        for (var path = $"{Lists}?limit=2"; path is not null;)
        {
            using var response = await _service.GetAsync(_tenant, path);
            var page = await response.JsonAsync();
            read.AddRange(page.GetProperty("items").EnumerateArray().Select(letter => letter.GetProperty("sequence").GetUInt64()));
            path = page.GetProperty("next_cursor").GetString() is not null ? response.Headers.GetValues("Link").Single().Split('<', '>')[1] : null;
        }

        read.ShouldBe(written);
    }

    [Fact]
    public async Task they_are_found_by_their_reason_whatever_its_case_and_by_time()
    {
        var reason = ("Dlq-Reason", "ValidationException: created_by: is required");
        var letter = await _nats.WriteLetterAsync(_tenant, "create", "{}", $"{_tenant}-1", reason);
        await _nats.WriteLetterAsync(_tenant, "create", "{}", $"{_tenant}-2");
        var at = (await GetAsync(Letters.PathOf(letter))).GetProperty("letter").GetProperty("given_up_at").GetDateTimeOffset();

        (await CountAsync("?reason=CREATED_BY")).ShouldBe(1);
        (await CountAsync("?reason=nothing")).ShouldBe(0);
        (await CountAsync($"?since={at.AddMinutes(-1):yyyy-MM-ddTHH:mm:ssZ}")).ShouldBe(2);
        (await CountAsync($"?since={at.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}")).ShouldBe(0);
        (await CountAsync($"?until={at.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}&reason=by")).ShouldBe(2);
        (await CountAsync($"?until={at.AddMinutes(-1):yyyy-MM-ddTHH:mm:ssZ}")).ShouldBe(0);
    }

    [Theory]
    [InlineData("?cursor=18446744073709551615", 0)]
    [InlineData("?cursor=18446744073709551614", 0)]
    [InlineData("?cursor=9223372036854775807", 0)]
    [InlineData("?since=0001-01-01T00:00:00Z", 1)]
    [InlineData("?since=1500-01-01T00:00:00Z", 1)]
    [InlineData("?since=9999-12-31T00:00:00Z", 0)]
    public async Task what_lies_before_all_or_behind_is_no_fault(string query, int found)
    {
        await _nats.WriteLetterAsync(_tenant, "create", "{}", $"{_tenant}-1");

        (await CountAsync(query)).ShouldBe(found);
    }

    [Theory]
    [InlineData("?since=yesterday", "since")]
    [InlineData("?until=2026-01-31T09:00:00", "until")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?cursor=x", "cursor")]
    [InlineData("?colour=red", "colour")]
    public async Task what_can_not_be_asked_for_is_named(string query, string parameter)
    {
        using var response = await _service.GetAsync(_tenant, Lists + query);

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task another_tenant_neither_sees_nor_touches_them()
    {
        var letter = await _nats.WriteLetterAsync(_tenant, "create", """{"title": "Mine", "created_by": "ada"}""", $"order-{_tenant}");
        var other = RunningService.NewTenant();

        using var list = await _service.GetAsync(other, Lists);
        (await list.JsonAsync()).GetProperty("items").GetArrayLength().ShouldBe(0);
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Post, "/replay"), (HttpMethod.Delete, "") })
        {
            using var response = await _service.SendAsync(method, other, Letters.PathOf(letter) + path, body: null);
            await response.ProblemAsync(HttpStatusCode.NotFound, "dead_letter_not_found");
        }

        (await GetAsync(Letters.PathOf(letter))).GetProperty("replay").GetProperty("status").GetString().ShouldBe("none");
    }

    [Fact]
    public async Task what_belongs_to_no_tenant_is_not_that_of_one_called_so()
    {
        await _nats.WriteEventLetterAsync("unknown", "notification.requested", "{}", headers: []);

        using var response = await _service.GetAsync("unknown", Lists);

        (await response.JsonAsync()).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task what_is_discarded_is_gone_with_all_that_was_noted_of_it_and_logged()
    {
        var letter = await _nats.WriteLetterAsync(_tenant, "create", """{"title": "Gone", "created_by": "ada"}""", $"order-{_tenant}");
        await _service.ReplayAsync(_tenant, letter);
        await _service.FateAsync(_tenant, letter, "succeeded");

        using var discarded = await _service.SendAsync(HttpMethod.Delete, _tenant, Letters.PathOf(letter), body: null);
        using var again = await _service.SendAsync(HttpMethod.Delete, _tenant, Letters.PathOf(letter), body: null);

        discarded.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await again.ProblemAsync(HttpStatusCode.NotFound, "dead_letter_not_found");
        (await _nats.ReadAsync("TICKET_DLQ")).ShouldNotContain(message => message.Header("Tickets-Replay-Of") == $"{letter}");
        await _service.SaysAsync($"Dead letter {letter} from ticket.commands.{_tenant}.create");
    }

    [Fact]
    public async Task a_notification_is_replayed_and_delivered_once()
    {
        var id = Guid.CreateVersion7();
        var letter = await _nats.WriteEventLetterAsync(_tenant, "notification.requested", Request(id));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _service.ReplayAsync(_tenant, letter)));

        var fate = await _service.FateAsync(_tenant, letter, "succeeded");
        fate.GetProperty("outcome").GetProperty("body").GetProperty("status").GetString().ShouldBe("delivered");
        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(200);
        var delivered = await _nats.EventsAsync(_tenant, "notification.delivered");
        delivered.Count(e => e.Subject == "notification.delivered").ShouldBe(1);
    }

    [Theory]
    [InlineData("audit.recorded", "neither a command nor a notification")]
    [InlineData("ticket.created", "ticket.created")]
    public async Task an_event_that_others_read_too_is_not_replayed(string subject, string why)
    {
        var letter = await _nats.WriteEventLetterAsync(_tenant, subject, "{}");

        using var response = await _service.SendAsync(HttpMethod.Post, _tenant, $"{Letters.PathOf(letter)}/replay", body: null);

        (await response.ProblemAsync(HttpStatusCode.Conflict, "not_replayable")).GetProperty("detail").GetString()!.ShouldContain(why);
        (await GetAsync(Letters.PathOf(letter))).GetProperty("not_replayable").GetString()!.ShouldContain(why);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("4711000")]
    [InlineData("-1")]
    [InlineData("x")]
    public async Task what_is_not_there_is_not_found(string sequence)
    {
        using var response = await _service.GetAsync(_tenant, $"{Lists}/{sequence}");

        await response.ProblemAsync(HttpStatusCode.NotFound, "dead_letter_not_found");
    }

    [Fact]
    public async Task without_nats_nothing_is_known_and_nothing_is_done()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        var letter = await nats.WriteLetterAsync(_tenant, "create", "{}", "order-7");
        await nats.StopAsync();

        foreach (var (method, path) in new[] { (HttpMethod.Get, Lists), (HttpMethod.Get, Letters.PathOf(letter)), (HttpMethod.Delete, Letters.PathOf(letter)) })
        {
            using var response = await service.SendAsync(method, _tenant, path, body: null);
            await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        }

        var (exitCode, output) = await service.RunAsync("dlq", "list");
        exitCode.ShouldBe(1, output);
        output.ShouldContain("FAIL  NATS did not do it");
    }

    private string Request(Guid id) => $$"""
        {"id":"{{id}}","reason":"severe","channel":"log","ticket":{"id":"{{Guid.CreateVersion7()}}","number":1,"tenant":"{{_tenant}}","title":"t",
        "status":"open","priority":"critical","created_by":"ada","tags":[],"version":1,"created_at":"2026-01-01T00:00:00+00:00","updated_at":"2026-01-01T00:00:00+00:00"}
        }
        """;

    private async Task<int> CountAsync(string query) => (await GetAsync(Lists + query)).GetProperty("items").GetArrayLength();

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _service.GetAsync(_tenant, path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }
}
