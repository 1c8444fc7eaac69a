using System.Net;
using System.Net.Http.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Api.Commands;
using Tickets.Contracts;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public sealed class IdempotencyOnSqlite(RunningService running) : Idempotency(running), IClassFixture<RunningService>;

public sealed class IdempotencyOnPostgreSql(RunningOnPostgreSql running) : Idempotency(running), IClassFixture<RunningOnPostgreSql>;

public abstract class Idempotency(RunningService running)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();
    private readonly string _key = Guid.NewGuid().ToString();

    private IdempotencyKey Key => new(_tenant, string.Empty, "POST /api/v1/tickets", _key);

    [Fact]
    public async Task twenty_equal_requests_at_once_are_one_ticket_and_get_equal_answers()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await PostAsync("Once");
            return (response.StatusCode, response.Headers.Location, response.Headers.ETag, Body: await response.Content.ReadAsStringAsync());
        }));

        answers.Distinct().ShouldHaveSingleItem().StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _service.ListAsync(_tenant)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task a_repeat_gets_the_first_answer_and_is_told_so()
    {
        using var first = await PostAsync("Once");
        using var second = await PostAsync("Once");

        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (second.StatusCode, second.Headers.Location).ShouldBe((first.StatusCode, first.Headers.Location));
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task a_preference_that_an_answer_does_not_follow_is_not_said_to_be_applied()
    {
        using var first = await PostAsync("Once");
        using var repeat = await PostAsync("Once", ("Prefer", "respond-async"));
        using var other = await PostAsync("Something else", ("Prefer", "respond-async, wait=9"));

        (repeat.StatusCode, other.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity));
        new[] { repeat, other }.ShouldAllBe(response => !response.Headers.Contains("Preference-Applied"));
    }

    [Fact]
    public async Task the_same_key_with_another_body_is_refused()
    {
        using var first = await PostAsync("Once");
        using var second = await PostAsync("Something else");

        await second.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await _service.ListAsync(_tenant)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task a_refusal_is_replayed_too_and_another_route_has_keys_of_its_own()
    {
        using var created = await PostAsync("Once");
        var path = created.Headers.Location!.ToString();

        using var refused = await _service.PatchAsync(_tenant, path, new { title = "x" }, ("If-Match", "\"7\""), ("Idempotency-Key", _key));
        using var again = await _service.PatchAsync(_tenant, path, new { title = "x" }, ("If-Match", "\"7\""), ("Idempotency-Key", _key));

        await refused.ProblemAsync(HttpStatusCode.PreconditionFailed, "version_conflict");
        await again.ProblemAsync(HttpStatusCode.PreconditionFailed, "version_conflict");
        again.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
    }

    [Fact]
    public async Task a_route_is_one_however_its_address_is_spelt()
    {
        using var created = await PostAsync("Once");
        foreach (var path in (string[])["/api/v1/tickets/", "/api/v1/Tickets", "/API/V1/%74ickets"])
        {
            using var again = await _service.SendAsync(HttpMethod.Post, _tenant, path, Body("Once"), ("Idempotency-Key", _key));
            again.Headers.Location.ShouldBe(created.Headers.Location);
        }

        var ticket = created.Headers.Location!.ToString().Split('/')[^1];
        foreach (var path in (string[])[$"/api/v1/tickets/{ticket}/comments", $"/api/v1/tickets/{ticket.ToUpperInvariant()}/comments", $"/api/v1/tickets/{ticket}/Comments/"])
        {
            using var comment = await _service.SendAsync(
                HttpMethod.Post, _tenant, path, JsonContent.Create(new { author = "ada", body = "Once" }), ("Idempotency-Key", _key));
            comment.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        var comments = await (await _service.GetAsync(_tenant, $"/api/v1/tickets/{ticket}/comments")).JsonAsync();
        comments.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await _service.ListAsync(_tenant)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task tenants_and_callers_have_keys_of_their_own()
    {
        using var mine = await PostAsync("Once");
        using var anothers = await PostAsync("Twice", ("Actor", "bob"));
        using var other = await _service.PostAsync(RunningService.NewTenant(), Body("Thrice"), ("Idempotency-Key", _key));

        new[] { mine, anothers, other }.ShouldAllBe(response => response.StatusCode == HttpStatusCode.Created);
    }

    [Fact]
    public async Task a_key_that_is_none_is_refused()
    {
        using var refused = await _service.PostAsync(_tenant, Body("t"), ("Idempotency-Key", new string('k', 256)));

        await refused.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
    }

    // The identity of the command followed from its key: for anybody at first, and then for who has the database's secret.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_key_that_an_earlier_version_has_seen_is_known(bool hidden)
    {
        var other = RunningService.NewTenant();
        using var alike = await _service.PostAsync(other, Body("Once"), ("Idempotency-Key", _key));
        var fingerprint = Stored.Scalar<string>(_service, "SELECT fingerprint FROM ledger WHERE tenant = @other", new { other });
        await PublishAsync(
            _tenant, hidden ? Key.SharedId(0, Stored.Secret(_service)) : Key.EarlierCommandId(0), (CommandHeaders.Fingerprint, fingerprint));
        await Eventually.Async(() => _service.ListAsync(_tenant), tickets => tickets.Count == 1, Limit, "it takes effect");

        using var repeat = await PostAsync("Once");

        repeat.StatusCode.ShouldBe(HttpStatusCode.Created);
        repeat.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (await _service.ListAsync(_tenant)).ShouldHaveSingleItem();
    }

    private async Task PublishAsync(string tenant, Guid id, params (string Name, string Value)[] headers)
    {
        await using var connection = running.Nats.Connect();
        var sent = new NatsHeaders();
        foreach (var (name, value) in headers)
        {
            sent[name] = value;
        }

        var ack = await new NatsJSContext(connection).PublishAsync(
            $"ticket.commands.{tenant}.create", """{"title": "Published", "created_by": "ada"}"""u8.ToArray(), opts: new NatsJSPubOpts { MsgId = $"{id}" }, headers: sent);
        ack.EnsureSuccess();
    }

    private Task<HttpResponseMessage> PostAsync(string title, params (string, string)[] headers) =>
        _service.PostAsync(_tenant, Body(title), [("Idempotency-Key", _key), .. headers]);

    private static JsonContent Body(string title) => JsonContent.Create(new { title, created_by = "ada" });
}
