using System.Net;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Api.Commands;
using Tickets.Contracts;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public sealed class KeyedCommandsOnSqlite(RunningService running) : KeyedCommands(running), IClassFixture<RunningService>;

public sealed class KeyedCommandsOnPostgreSql(RunningOnPostgreSql running) : KeyedCommands(running), IClassFixture<RunningOnPostgreSql>;

/// <summary>Requests with one key are commands of their own in the stream, as when they arrive in several processes; one takes effect.</summary>
public abstract class KeyedCommands(RunningService running)
{
    private const string Body = """{"title": "Once", "created_by": "ada"}""";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();
    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task a_repeat_gets_the_answer_of_the_first_and_is_told_so_and_has_an_operation_of_its_own()
    {
        using var first = await PostAsync();
        var id = Guid.NewGuid();

        var outcome = await AskAsync(id, await FingerprintAsync());

        outcome.ShouldContain("\"status\":201");
        outcome.ShouldContain("\"replayed\":true");
        outcome.ShouldContain(first.Headers.Location!.ToString().Split('/')[^1]);
        (await OperationAsync(id)).ShouldBe("succeeded");
        var (exitCode, told) = await _service.RunAsync("explain", $"{id}");
        exitCode.ShouldBe(0, told);
        told.ShouldContain("that of an earlier request with the same key");
        await AssertOneTicketAsync();
    }

    [Fact]
    public async Task one_that_asks_for_something_else_is_refused()
    {
        using var first = await PostAsync();

        var outcome = await AskAsync(Guid.NewGuid(), "another");

        outcome.ShouldContain("\"status\":422");
        outcome.ShouldContain("idempotency_key_reused");
        outcome.ShouldNotContain("\"replayed\"");
        await AssertOneTicketAsync();
    }

    [Fact]
    public async Task a_refusal_is_the_answer_of_all_and_does_not_keep_an_operator_from_trying_again()
    {
        using var created = await PostAsync();
        var path = created.Headers.Location!.ToString();
        var stale = new { title = "x" };
        using var refused = await _service.PatchAsync(_tenant, path, stale, ("If-Match", "\"2\""), ("Idempotency-Key", _key));
        refused.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        var keyId = new IdempotencyKey(_tenant, string.Empty, $"PATCH {path}", _key).SharedId(0, Stored.Secret(_service));
        var fingerprint = Stored.Scalar<string>(_service, "SELECT fingerprint FROM ledger WHERE tenant = @tenant AND status = 412 LIMIT 1", new { tenant = _tenant });
        var body = $$"""{"ticket_id": "{{path.Split('/')[^1]}}", "if_version": 2, "title": "x"}""";

        var repeat = await AskAsync(Guid.NewGuid(), fingerprint, "update", body, keyId);
        using var patched = await _service.PatchAsync(_tenant, path, new { title = "y" });
        var letter = await _nats.WriteLetterAsync(
            _tenant, "update", body, Guid.NewGuid().ToString(), (CommandHeaders.KeyId, $"{keyId}"), (CommandHeaders.Fingerprint, fingerprint));
        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);

        repeat.ShouldContain("\"status\":412");
        repeat.ShouldContain("\"replayed\":true");
        (await _service.FateAsync(_tenant, letter, "succeeded")).GetProperty("outcome").GetProperty("status").GetInt32().ShouldBe(200);
        using var again = await _service.PatchAsync(_tenant, path, stale, ("If-Match", "\"2\""), ("Idempotency-Key", _key));
        again.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task a_replay_that_asks_for_something_else_than_the_first_is_refused()
    {
        using var again = await PostAsync();
        var letter = await WriteLetterAsync("another");

        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);

        (await _service.FateAsync(_tenant, letter, "refused")).GetProperty("outcome").GetProperty("status").GetInt32().ShouldBe(422);
        await AssertOneTicketAsync();
    }

    [Fact]
    public async Task what_a_stranger_shares_with_itself_or_with_another_tenant_is_nothing()
    {
        var (id, other) = (Guid.NewGuid(), RunningService.NewTenant());

        (await AskAsync(id, "any", keyId: id)).ShouldContain("\"status\":201");
        (await AskAsync(Guid.NewGuid(), "any", tenant: other)).ShouldContain("\"status\":201");

        using var mine = await PostAsync();
        mine.StatusCode.ShouldBe(HttpStatusCode.Created);
        mine.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }

    [Fact]
    public async Task many_at_once_are_one()
    {
        var fingerprint = await FingerprintAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => AskAsync(Guid.NewGuid(), fingerprint)));

        outcomes.ShouldAllBe(outcome => outcome.Contains("\"status\":201", StringComparison.Ordinal));
        outcomes.Count(outcome => !outcome.Contains("\"replayed\":true", StringComparison.Ordinal)).ShouldBe(1);
        await AssertOneTicketAsync();
    }

    [Fact]
    public async Task one_that_was_given_up_and_sent_again_by_its_client_changes_nothing_when_an_operator_replays_it()
    {
        using var again = await PostAsync();
        var letter = await WriteLetterAsync(await FingerprintAsync());

        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);

        var fate = await _service.FateAsync(_tenant, letter, "succeeded");
        fate.GetProperty("outcome").GetRawText().ShouldContain(again.Headers.Location!.ToString().Split('/')[^1]);
        await AssertOneTicketAsync();
    }

    [Fact]
    public async Task one_that_was_given_up_and_replayed_is_the_first_for_its_client()
    {
        var letter = await WriteLetterAsync(await FingerprintAsync());
        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);
        await _service.FateAsync(_tenant, letter, "succeeded");

        using var again = await PostAsync();

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        await AssertOneTicketAsync();
    }

    private async Task AssertOneTicketAsync()
    {
        (await _service.ListAsync(_tenant)).ShouldHaveSingleItem();
        Stored.Count(_service, "audit", _tenant).ShouldBe(1);
    }

    private async Task<string?> OperationAsync(Guid id)
    {
        using var response = await _service.GetAsync(_tenant, $"/api/v1/operations/{id}");
        return (await response.JsonAsync()).GetProperty("status").GetString();
    }

    private Task<HttpResponseMessage> PostAsync() => _service.PostAsync(_tenant, Content(), ("Idempotency-Key", _key));

    // What the service makes of the body, whoever's it is.
    private async Task<string> FingerprintAsync()
    {
        var other = RunningService.NewTenant();
        using var alike = await _service.PostAsync(other, Content(), ("Idempotency-Key", _key));
        return Stored.Scalar<string>(_service, "SELECT fingerprint FROM ledger WHERE tenant = @other LIMIT 1", new { other });
    }

    private Guid KeyId() => new IdempotencyKey(_tenant, string.Empty, "POST /api/v1/tickets", _key).SharedId(0, Stored.Secret(_service));

    private Task<ulong> WriteLetterAsync(string fingerprint) => _nats.WriteLetterAsync(
        _tenant, "create", Body, Guid.NewGuid().ToString(), (CommandHeaders.KeyId, $"{KeyId()}"), (CommandHeaders.Fingerprint, fingerprint));

    private async Task<string> AskAsync(Guid id, string fingerprint, string verb = "create", string body = Body, Guid? keyId = null, string? tenant = null)
    {
        await using var connection = _nats.Connect();
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);
        var headers = new NatsHeaders { [CommandHeaders.ReplyTo] = inbox, [CommandHeaders.KeyId] = $"{keyId ?? KeyId()}", [CommandHeaders.Fingerprint] = fingerprint };
        var ack = await new NatsJSContext(connection).PublishAsync(
            $"ticket.commands.{tenant ?? _tenant}.{verb}", Encoding.UTF8.GetBytes(body), opts: new NatsJSPubOpts { MsgId = $"{id}" }, headers: headers);
        ack.EnsureSuccess();
        return (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Data!;
    }

    private static StringContent Content() => new(Body, Encoding.UTF8, "application/json");
}
