using System.Text.Json;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.DeadLetters;

/// <summary><c>dlq</c> beside a running service, and without one.</summary>
public sealed class DlqOnTheCommandLine(RunningService running) : IClassFixture<RunningService>
{
    private const string Body = """{"title": "Given up", "created_by": "bob"}""";

    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task letters_are_listed_for_people_and_for_programs()
    {
        var letter = await _nats.WriteLetterAsync(_tenant, "create", Body, $"order-{_tenant}");
        await _nats.WriteLetterAsync(RunningService.NewTenant(), "create", Body, $"other-{_tenant}");

        var people = await _service.RunAsync("dlq", "list", "--tenant", _tenant);
        var programs = await _service.RunAsync("dlq", "list", "--tenant", _tenant, "--reason", "BY CHANCE", "--since", "10m", "--json");

        people.ExitCode.ShouldBe(0, people.Output);
        people.Output.ShouldContain($"ticket.commands.{_tenant}.create");
        people.Output.ShouldContain("InvalidOperationException: by chance");
        JsonIn(programs.Output).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("sequence").GetUInt64().ShouldBe(letter);
    }

    [Fact]
    public async Task a_letter_is_replayed_and_tells_what_that_did()
    {
        var letter = await _nats.WriteLetterAsync(_tenant, "create", Body, $"order-{_tenant}");

        var replayed = await _service.RunAsync("dlq", "replay", $"{letter}");
        var again = await _service.RunAsync("dlq", "replay", $"{letter}");
        var shown = await _service.RunAsync("dlq", "show", $"{letter}");

        replayed.ExitCode.ShouldBe(0, replayed.Output);
        replayed.Output.ShouldContain($"ok    {letter}: replayed");
        replayed.Output.ShouldContain("it has taken effect (201)");
        again.ExitCode.ShouldBe(0, again.Output);
        again.Output.ShouldContain("nothing was sent");
        shown.Output.ShouldContain("it has taken effect");
        shown.Output.ShouldContain("201 {");
        (await _service.ListAsync(_tenant)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task what_is_no_sequence_is_refused_in_one_line(string word)
    {
        var (exitCode, output) = await _service.RunAsync("dlq", "show", "1", word);

        exitCode.ShouldBe(1, output);
        output.Trim().ShouldBe($"FAIL  '{word}' is no sequence; ./tickets dlq list shows them");
    }

    [Fact]
    public async Task a_replay_that_fails_again_is_no_success()
    {
        var letter = await _nats.WriteLetterAsync(_tenant, "create", """{"title": "By nobody"}""", $"order-{_tenant}");

        var (exitCode, output) = await _service.RunAsync("dlq", "replay", $"{letter}", "--json");

        exitCode.ShouldBe(1, output);
        var replay = JsonIn(output).GetProperty("replay");
        replay.GetProperty("status").GetString().ShouldBe("dead_lettered");
        replay.GetProperty("dead_letter").GetUInt64().ShouldBeGreaterThan(letter);
    }

    [Fact]
    public async Task nothing_is_removed_unasked_and_several_are_with_yes()
    {
        var first = await _nats.WriteLetterAsync(_tenant, "create", Body, $"first-{_tenant}");
        var second = await _nats.WriteLetterAsync(_tenant, "create", Body, $"second-{_tenant}");

        var unasked = await _service.RunAsync("dlq", "discard", $"{first}");
        var removed = await _service.RunAsync("dlq", "discard", $"{first}", $"{second}", "--yes");
        var gone = await _service.RunAsync("dlq", "show", $"{first}");

        unasked.ExitCode.ShouldBe(1, unasked.Output);
        unasked.Output.ShouldContain("add --yes");
        removed.ExitCode.ShouldBe(0, removed.Output);
        removed.Output.ShouldContain($"ok    {second}: discarded");
        removed.Output.ShouldContain($"Dead letter {second} from ticket.commands.{_tenant}.create");
        gone.ExitCode.ShouldBe(1);
        gone.Output.ShouldContain("there is no such dead letter");
    }

    [Theory]
    [InlineData("say which", "dlq", "replay")]
    [InlineData("takes no sequence", "dlq", "list", "3")]
    [InlineData("--since is a time such as", "dlq", "list", "--since", "yesterday")]
    [InlineData("--tenant is", "dlq", "list", "--tenant", "a.b")]
    public async Task what_can_not_be_done_is_said_in_one_line(string fault, params string[] words)
    {
        var (exitCode, output) = await _service.RunAsync(words);

        exitCode.ShouldBe(1, output);
        output.Split('\n').Single(line => line.StartsWith("FAIL", StringComparison.Ordinal)).ShouldContain(fault);
    }

    [Fact]
    public async Task a_command_that_was_given_up_while_it_could_not_be_handled_is_replayed_while_nobody_handles_it_and_done_later()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);
        (await service.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);
        await DeliverTwentyTimesAsync(nats, $"ticket.commands.{_tenant}.create");
        await service.StartAgainAsync();
        await nats.DeadLettersAsync($"dlq.ticket.{_tenant}.create", 1);
        await service.StopAsync();

        var replayed = await service.RunAsync("dlq", "replay", "1");
        await service.StartAgainAsync();

        replayed.ExitCode.ShouldBe(0, replayed.Output);
        replayed.Output.ShouldContain("it waits to be handled");
        await service.FateAsync(_tenant, 1, "succeeded");
        (await service.ListAsync(_tenant)).Count.ShouldBe(1);
    }

    // As if the process had died of it each time.
    private static async Task DeliverTwentyTimesAsync(NatsServer nats, string subject)
    {
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await jetStream.PublishAsync(subject, Body);
        var consumer = await jetStream.GetConsumerAsync("TICKET_COMMANDS", "ticket-workers");
        for (var i = 0; i < 20; i++)
        {
            var delivery = await consumer.NextAsync<string>();
            await delivery!.NakAsync(new AckOpts { DoubleAck = true });
        }
    }

    private static JsonElement JsonIn(string output) =>
        JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith('{'))).RootElement;
}
