using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Primitives;
using NATS.Client.Core;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>The API over NATS, by the services protocol.</summary>
public sealed class RequestReply(RunningService running) : IClassFixture<RunningService>, IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly NatsConnection _nats = running.Nats.Connect();
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_ticket_is_opened_changed_found_commented_on_and_removed()
    {
        var opened = await AskAsync("create", """{"title": "Printer", "created_by": "ada"}""");
        opened.Header("Status").ShouldBe("201");
        var id = opened.Json().GetProperty("id").GetString();

        (await AskAsync("update", $$"""{"ticket_id": "{{id}}", "if_version": 1, "status": "resolved"}""")).Json().GetProperty("version").GetInt32().ShouldBe(2);
        (await AskAsync("get", $$"""{"ticket_id": "{{id}}"}""")).Json().GetProperty("status").GetString().ShouldBe("resolved");
        (await AskAsync("list", """{"status": "resolved", "q": "printer"}""")).Json().GetProperty("tickets").GetArrayLength().ShouldBe(1);
        var all = (await AskAsync("list", null)).Json();
        all.GetProperty("tickets").GetArrayLength().ShouldBe(1);
        all.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
        (await AskAsync("comment", $$"""{"ticket_id": "{{id}}", "author": "bob", "body": "Done"}""")).Header("Status").ShouldBe("201");
        (await AskAsync("delete", $$"""{"ticket_id": "{{id}}"}""")).Header("Status").ShouldBe("204");
        Refused(404, "ticket_not_found", await AskAsync("get", $$"""{"ticket_id": "{{id}}"}"""));
    }

    [Theory]
    [InlineData("create", """{"created_by": "ada"}""", "title")]
    [InlineData("create", """{"title": 7, "created_by": "ada"}""", "title")]
    [InlineData("create", """{"title": "t", "created_by": "ada", "colour": "red"}""", "colour")]
    [InlineData("create", """{"title": "t", "created_by": "ada", "priority": "medium, high"}""", "priority")]
    [InlineData("create", """{"Title": "t", "created_by": "ada"}""", "Title")]
    [InlineData("create", """{"title": "t", "created_by": "ada", "title": "u"}""", "title")]
    [InlineData("create", """{"title": "t", "created_by": "ada", "tags": ["a\u0085b"]}""", "tags")]
    [InlineData("create", "{", "body")]
    [InlineData("create", null, "body")]
    [InlineData("update", """{"title": "t"}""", "ticket_id")]
    [InlineData("get", "{}", "ticket_id")]
    [InlineData("get", """{"Ticket_ID": "01a2098b-e4e5-70c8-87bb-b473a049891e"}""", "Ticket_ID")]
    [InlineData("get", "[]", "body")]
    [InlineData("list", """{"limit": 0}""", "limit")]
    [InlineData("list", """{"status": true}""", "status")]
    [InlineData("list", """{"colour": "red"}""", "colour")]
    [InlineData("list", """{"status": "open", "status": "closed"}""", "status")]
    [InlineData("list", """{"created_after": "01/02/2026"}""", "created_after")]
    [InlineData("list", """{"q": "\ud800"}""", "body")]
    [InlineData("list", """{"\ud800": "x"}""", "body")]
    [InlineData("list", "[", "body")]
    public async Task what_can_not_be_is_refused_by_name(string verb, string? body, string field)
    {
        var refused = await AskAsync(verb, body);

        (Refused(400, "validation_failed", refused)).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(refused.Data);
    }

    [Fact]
    public async Task no_more_tags_can_be_asked_for_than_a_ticket_may_have()
    {
        string[] tags = [.. Enumerable.Range(0, 21).Select(i => $"t{i}")];

        (await AskAsync("list", JsonSerializer.Serialize(new { tag = tags[1..].Append("t1") }))).Header("Status").ShouldBe("200");
        Refused(400, "validation_failed", await AskAsync("list", JsonSerializer.Serialize(new { tag = tags }))).GetProperty("errors").TryGetProperty("tag", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task a_page_that_nats_does_not_take_is_refused_with_what_to_ask_for()
    {
        var ticket = JsonSerializer.Serialize(new { title = "Long", created_by = "ada", description = new string('x', 20_000) });
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => AskAsync("create", ticket)));

        var refused = Refused(413, "answer_too_large", await AskAsync("list", """{"limit": 100}"""));

        refused.GetProperty("detail").GetString()!.ShouldContain("smaller limit");
        (await AskAsync("list", """{"limit": 10}""")).Json().GetProperty("tickets").GetArrayLength().ShouldBe(10);
    }

    [Fact]
    public async Task another_tenants_ticket_is_not_found_and_a_malformed_tenant_is_refused()
    {
        var id = (await AskAsync("create", """{"title": "Mine", "created_by": "ada"}""")).Json().GetProperty("id").GetString();

        Refused(404, "ticket_not_found", await AskAsync("get", $$"""{"ticket_id": "{{id}}"}""", RunningService.NewTenant()));
        Refused(400, "invalid_tenant", await AskAsync("get", $$"""{"ticket_id": "{{id}}"}""", "not$valid"));
    }

    [Fact]
    public async Task twenty_requests_with_one_id_are_one_ticket()
    {
        var headers = new NatsHeaders { ["Nats-Msg-Id"] = $"once-{_tenant}" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync("create", """{"title": "Once", "created_by": "ada"}""", headers: headers)));

        answers.Select(answer => answer.Data).Distinct().ShouldHaveSingleItem();
        (await running.Service.ListAsync(_tenant)).ShouldHaveSingleItem();
        Refused(422, "idempotency_key_reused", await AskAsync("create", """{"title": "Other", "created_by": "ada"}""", headers: headers));
    }

    [Fact]
    public async Task a_request_with_two_ids_is_refused()
    {
        var headers = new NatsHeaders { ["Nats-Msg-Id"] = new StringValues([$"one-{_tenant}", $"one-{_tenant}"]) };

        var refused = Refused(400, "validation_failed", await AskAsync("create", """{"title": "Twice", "created_by": "ada"}""", headers: headers));

        refused.GetProperty("errors").GetProperty("Nats-Msg-Id")[0].GetString().ShouldBe("must be one value of 1 to 255 printable ASCII characters");
        (await running.Service.ListAsync(_tenant)).ShouldBeEmpty();
    }

    [Fact]
    public async Task the_service_is_found_and_tells_what_it_did()
    {
        await AskAsync("get", "{}");

        var info = (await _nats.RequestAsync<string>("$SRV.INFO.tickets")).Json();
        var stats = (await _nats.RequestAsync<string>("$SRV.STATS.tickets")).Json();

        info.GetProperty("endpoints").EnumerateArray().Select(endpoint => endpoint.GetProperty("subject").GetString()).Order().ShouldBe(
            ["ticket.api.*.comment", "ticket.api.*.create", "ticket.api.*.delete", "ticket.api.*.get", "ticket.api.*.list", "ticket.api.*.update"]);
        stats.GetProperty("endpoints").EnumerateArray().Single(endpoint => endpoint.GetProperty("name").GetString() == "get")
            .GetProperty("num_requests").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task how_long_requests_take_is_told_until_they_are_answered()
    {
        var (requests, answered, before) = await CreateStatsAsync();
        Task<NatsMsg<string>> asked;
        var clock = new Stopwatch();
        await using (var locked = new SqliteConnection($"Data Source={running.Service.DatabasePath};Pooling=false"))
        {
            await locked.OpenAsync();
            await locked.ExecuteAsync("BEGIN IMMEDIATE");
            asked = AskAsync("create", """{"title": "Takes its time", "created_by": "ada"}""");
            await Eventually.Async(async () => (await CreateStatsAsync()).Requests, now => now > requests, Limit, "it is taken");
            clock.Start();
            await AskAsync("list", null);
            clock.Stop();
        }

        (await asked).Header("Status").ShouldBe("201");
        await Eventually.Async(async () => (await CreateStatsAsync()).Answered, now => now > answered, Limit, "it is counted");
        ((await CreateStatsAsync()).Nanoseconds - before).ShouldBeGreaterThanOrEqualTo((long)clock.Elapsed.TotalNanoseconds);
    }

    public ValueTask DisposeAsync() => _nats.DisposeAsync();

    private async Task<NatsMsg<string>> AskAsync(string verb, string? body, string? tenant = null, NatsHeaders? headers = null) =>
        await _nats.RequestAsync<byte[], string>(
            $"ticket.api.{tenant ?? _tenant}.{verb}", body is null ? null : Encoding.UTF8.GetBytes(body), headers: headers is null ? null : Copy(headers));

    private async Task<(long Requests, long Answered, long Nanoseconds)> CreateStatsAsync()
    {
        var stats = (await _nats.RequestAsync<string>("$SRV.STATS.tickets")).Json().GetProperty("endpoints").EnumerateArray()
            .Single(endpoint => endpoint.GetProperty("name").GetString() == "create");
        var data = stats.GetProperty("data");
        return (stats.GetProperty("num_requests").GetInt64(), data.GetProperty("answered").GetInt64(), data.GetProperty("processing_time").GetInt64());
    }

    private static NatsHeaders Copy(NatsHeaders headers) => new(headers.ToDictionary(header => header.Key, header => header.Value));

    private static JsonElement Refused(int status, string code, NatsMsg<string> answer)
    {
        answer.Header("Nats-Service-Error-Code").ShouldBe($"{status}", answer.Data);
        answer.Header("Status").ShouldBe($"{status}");
        answer.Json().GetProperty("code").GetString().ShouldBe(code);
        return answer.Json();
    }
}
