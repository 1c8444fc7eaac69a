using System.Net;
using System.Net.Http.Json;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Api.Commands;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

public sealed class ForgedReplaysOnSqlite(RunningService running) : ForgedReplays(running), IClassFixture<RunningService>;

public sealed class ForgedReplaysOnPostgreSql(RunningOnPostgreSql running) : ForgedReplays(running), IClassFixture<RunningOnPostgreSql>;

/// <summary>A tenant's own NATS client can't pass for an operator who replays a command.</summary>
public abstract class ForgedReplays(RunningService running)
{
    private const string Body = """{"title": "Forged", "created_by": "eve"}""";
    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task a_command_that_is_still_to_come_can_not_be_closed(string? seal)
    {
        var victim = Victim();

        await PublishAsync($"forged-{Guid.NewGuid()}", Body, victim, seal);
        var letter = (await _nats.DeadLettersAsync($"dlq.ticket.{_tenant}.create", 1)).Single();
        letter.Header("Dlq-Reason")!.ShouldContain("is for replays that an operator sends");

        using var created = await _service.PostAsync(_tenant, JsonContent.Create(new { title = "Real", created_by = "ada" }), ("Idempotency-Key", "order-1"));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _service.ListAsync(_tenant)).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Real");
    }

    [Fact]
    public async Task an_operator_who_replays_the_letter_of_a_forged_one_closes_nothing_but_that()
    {
        var victim = Victim();
        var letter = await _nats.WriteLetterAsync(
            _tenant, "create", Body, Guid.NewGuid().ToString(), ("Tickets-Replay-Of", "1"), ("Tickets-Replayed-Command", $"{victim}"));

        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);
        await _service.FateAsync(_tenant, letter, "succeeded");

        using var created = await _service.PostAsync(_tenant, JsonContent.Create(new { title = "Real", created_by = "ada" }), ("Idempotency-Key", "order-1"));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }

    [Fact]
    public async Task the_seal_of_a_replay_fits_no_other_command_and_no_other_body()
    {
        var letter = await _nats.WriteLetterAsync(_tenant, "create", """{"title": "By nobody"}""", Guid.NewGuid().ToString());
        (await _service.ReplayAsync(_tenant, letter)).ShouldBe(202);
        var replay = (await _nats.DeadLettersAsync($"dlq.ticket.{_tenant}.create", 2))[^1];
        var (first, seal, id) = (Guid.Parse(replay.Header("Tickets-Replayed-Command")!), replay.Header("Tickets-Replay-Seal"), replay.Header("Dlq-Msg-Id")!);

        await PublishAsync($"{id}-other", """{"title": "By nobody"}""", first, seal);
        await PublishAsync(Guid.NewGuid().ToString(), Body, first, seal);
        await PublishAsync(Guid.NewGuid().ToString(), Body, Guid.NewGuid(), seal);

        (await _nats.DeadLettersAsync($"dlq.ticket.{_tenant}.create", 5)).Count.ShouldBe(5);
        (await _service.ListAsync(_tenant)).ShouldBeEmpty();
        using var shown = await _service.GetAsync(_tenant, Letters.PathOf(letter + 1));
        (await shown.Content.ReadAsStringAsync()).ShouldNotContain(seal!);
    }

    // What the requests above share: nobody should be able to work it out, and it would be of no use.
    private Guid Victim() => new IdempotencyKey(_tenant, string.Empty, "POST /api/v1/tickets", "order-1").SharedId(0, Stored.Secret(_service));

    private async Task PublishAsync(string messageId, string body, Guid replayed, string? seal)
    {
        await using var connection = _nats.Connect();
        var headers = new NatsHeaders { ["Tickets-Replayed-Command"] = replayed.ToString(), ["Tickets-Replay-Of"] = "1" };
        if (seal is not null)
        {
            headers["Tickets-Replay-Seal"] = seal;
        }

        var ack = await new NatsJSContext(connection).PublishAsync(
            $"ticket.commands.{_tenant}.create", Encoding.UTF8.GetBytes(body), opts: new NatsJSPubOpts { MsgId = messageId }, headers: headers);
        ack.EnsureSuccess();
    }
}
