using System.Text;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Handlers.Units;
using Tickets.Tests.Fixtures;
using Wolverine.Nats.Receiving;

namespace Tickets.Tests.DeadLetters;

public sealed class ReplayedCommandsOnSqlite(RunningService running) : ReplayedCommands(running), IClassFixture<RunningService>;

public sealed class ReplayedCommandsOnPostgreSql(RunningOnPostgreSql running) : ReplayedCommands(running), IClassFixture<RunningOnPostgreSql>;

/// <summary>A command that was given up takes effect once, whoever replays it and however often.</summary>
public abstract class ReplayedCommands(RunningService running)
{
    private const string Body = """{"title": "Given up", "created_by": "bob"}""";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task it_takes_effect_once_however_many_replay_it_at_once_and_later()
    {
        var letter = await _nats.WriteLetterAsync(_tenant, "create", Body, $"order-{_tenant}", ("Actor", "ada"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _service.ReplayAsync(_tenant, letter)));

        answers.ShouldAllBe(status => status == 202 || status == 200);
        var fate = await _service.FateAsync(_tenant, letter, "succeeded");
        fate.GetProperty("message_id").GetString()!.ShouldStartWith($"replay:{letter}:");
        fate.GetProperty("replayed_at").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-1));
        fate.GetProperty("outcome").GetProperty("status").GetInt32().ShouldBe(201);
        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(200);
        await AssertOneTicketAsync();
        var audit = (await _nats.EventsAsync(_tenant, "audit.recorded")).Single(e => e.Subject == "audit.recorded").Json();
        audit.GetProperty("actor").GetString().ShouldBe("ada");
    }

    [Fact]
    public async Task its_own_delivery_that_comes_again_and_its_replays_are_one()
    {
        await _nats.ForgetIdsAsync("TICKET_COMMANDS");
        var ids = Enumerable.Range(0, 24).Select(i => $"{_tenant}-{i}").ToArray();
        var letters = await Task.WhenAll(ids.Select(id => _nats.WriteLetterAsync(_tenant, "create", Body, id)));

        await Task.WhenAll([.. ids.Select(PublishAsync), .. letters.Concat(letters).Select(letter => _service.ReplayAsync(_tenant, letter))]);

        foreach (var letter in letters)
        {
            await _service.FateAsync(_tenant, letter, "succeeded");
        }

        await AllCommandsAreSettledAsync();
        (await _service.ListAsync(_tenant)).Count.ShouldBe(ids.Length);
        Stored.Count(_service, "audit", _tenant).ShouldBe(ids.Length);
    }

    [Fact]
    public async Task two_letters_of_one_command_are_one()
    {
        var first = await _nats.WriteLetterAsync(_tenant, "create", Body, $"order-{_tenant}");
        var second = await _nats.WriteLetterAsync(_tenant, "create", Body, $"order-{_tenant}");

        await Task.WhenAll(_service.ReplayAsync(_tenant, first), _service.ReplayAsync(_tenant, second));

        var outcome = (await _service.FateAsync(_tenant, first, "succeeded")).GetProperty("outcome").GetRawText();
        (await _service.FateAsync(_tenant, second, "succeeded")).GetProperty("outcome").GetRawText().ShouldBe(outcome);
        await AllCommandsAreSettledAsync();
        await AssertOneTicketAsync();
    }

    [Fact]
    public async Task what_took_effect_before_it_was_given_up_is_not_sent_again()
    {
        await PublishAsync($"order-{_tenant}");
        await Eventually.Async(() => Stored.Count(_service, "tickets", _tenant) == 1, Limit, "it took effect");
        var letter = await _nats.WriteLetterAsync(_tenant, "create", Body, $"order-{_tenant}");

        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(200);

        (await _service.FateAsync(_tenant, letter, "succeeded")).TryGetProperty("replayed_at", out _).ShouldBeFalse();
        await AssertOneTicketAsync();
    }

    [Fact]
    public async Task a_replay_that_is_given_up_again_is_a_letter_of_its_own_which_can_be_replayed_too()
    {
        await PublishAsync($"order-{_tenant}", """{"title": "By nobody"}""");
        await _nats.DeadLettersAsync($"dlq.ticket.{_tenant}.create", 1);
        var first = await OnlyLetterAsync();

        (await _service.ReplayAsync(_tenant, first)).ShouldBe(202);
        var second = (await _service.FateAsync(_tenant, first, "dead_lettered")).GetProperty("dead_letter").GetUInt64();
        (await _service.ReplayAsync(_tenant, second)).ShouldBe(202);
        var third = (await _service.FateAsync(_tenant, second, "dead_lettered")).GetProperty("dead_letter").GetUInt64();
        (await _service.ReplayAsync(_tenant, first)).ShouldBe(202);

        var fourth = await Eventually.Async(
            async () => (await _service.FateAsync(_tenant, first, "dead_lettered")).GetProperty("dead_letter").GetUInt64(),
            again => again > second,
            Limit,
            "the first letter was given up once more");
        new[] { first, second, third, fourth }.ShouldBeInOrder();
        using var shown = await _service.GetAsync(_tenant, Letters.PathOf(third));
        (await shown.JsonAsync()).GetProperty("letter").GetProperty("replay_of").GetUInt64().ShouldBe(second);
    }

    [Fact]
    public async Task once_any_of_its_replays_took_effect_the_others_change_nothing()
    {
        var first = await _nats.WriteLetterAsync(_tenant, "create", Body, Guid.NewGuid().ToString());
        using var shown = await _service.GetAsync(_tenant, Letters.PathOf(first));
        var command = (await shown.JsonAsync()).GetProperty("letter").GetProperty("id").GetString()!;
        var seal = ReplaySeals.SealOf(
            Stored.Secret(_service),
            $"ticket.commands.{_tenant}.create",
            DeliveryIdentity.Of("replay:0:0"),
            Guid.Parse(command),
            Encoding.UTF8.GetBytes(Body));
        var relapse = await _nats.WriteLetterAsync(_tenant, "create", Body, "replay:0:0", ("Tickets-Replay-Of", $"{first}"), ("Tickets-Replayed-Command", command), ("Tickets-Replay-Seal", seal));

        await Task.WhenAll(_service.ReplayAsync(_tenant, relapse), _service.ReplayAsync(_tenant, first));

        await _service.FateAsync(_tenant, first, "succeeded");
        await _service.FateAsync(_tenant, relapse, "succeeded");
        await AllCommandsAreSettledAsync();
        await AssertOneTicketAsync();
    }

    [Fact]
    public async Task what_was_refused_changed_nothing_and_can_be_replayed_until_it_takes_effect()
    {
        using var created = await _service.CreateAsync(_tenant, "Printer");
        var path = created.Headers.Location!.ToString();
        var letter = await _nats.WriteLetterAsync(
            _tenant, "update", $$"""{"ticket_id": "{{path.Split('/')[^1]}}", "if_version": 2, "priority": "high"}""", $"order-{_tenant}");

        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);
        (await _service.FateAsync(_tenant, letter, "refused")).GetProperty("outcome").GetProperty("status").GetInt32().ShouldBe(412);
        using var patched = await _service.PatchAsync(_tenant, path, new { title = "Printer on fire" });
        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);

        await _service.FateAsync(_tenant, letter, "succeeded");
        using var ticket = await _service.GetAsync(_tenant, path);
        (await ticket.JsonAsync()).GetProperty("version").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task whoever_sent_it_learns_of_the_effect_that_its_replay_had()
    {
        // Given up with a row in the ledger that says so, as a broken rule is.
        var id = Guid.NewGuid().ToString();
        await PublishAsync(id, """{"title": "By nobody"}""");
        await Eventually.Async(async () => await OperationAsync(id) == "failed", failed => failed, Limit, "it was given up");
        var letter = await _nats.WriteLetterAsync(_tenant, "create", Body, id);

        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);

        await _service.FateAsync(_tenant, letter, "succeeded");
        (await OperationAsync(id)).ShouldBe("succeeded");
    }

    private async Task AssertOneTicketAsync()
    {
        (await _service.ListAsync(_tenant)).Count.ShouldBe(1);
        var created = (await _nats.EventsAsync(_tenant, "ticket.created")).Where(e => e.Subject == "ticket.created");
        created.Select(e => e.Header("ce-id")).Distinct().Count().ShouldBe(1);
    }

    private async Task<string?> OperationAsync(string id)
    {
        using var response = await _service.GetAsync(_tenant, $"/api/v1/operations/{id}");
        return response.IsSuccessStatusCode ? (await response.JsonAsync()).GetProperty("status").GetString() : null;
    }

    private async Task<ulong> OnlyLetterAsync()
    {
        using var response = await _service.GetAsync(_tenant, "/api/v1/dead-letters");
        return (await response.JsonAsync()).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("sequence").GetUInt64();
    }

    private async Task PublishAsync(string messageId) => await PublishAsync(messageId, Body);

    private async Task PublishAsync(string messageId, string body)
    {
        await using var connection = _nats.Connect();
        var ack = await new NatsJSContext(connection).PublishAsync(
            $"ticket.commands.{_tenant}.create", Encoding.UTF8.GetBytes(body), opts: new NatsJSPubOpts { MsgId = messageId });
        ack.EnsureSuccess();
    }

    private async Task AllCommandsAreSettledAsync()
    {
        await using var connection = _nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await Eventually.Async(async () => (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.Messages, left => left == 0, Limit, "all commands are settled");
    }
}
