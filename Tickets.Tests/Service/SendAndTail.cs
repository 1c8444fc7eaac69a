using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public sealed class SendAndTail(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_command_of_the_command_line_takes_effect_and_its_outcome_is_shown()
    {
        var (exitCode, output) = await _service.RunAsync("send", _tenant, "create", """{"title": "By hand", "created_by": "ada"}""", "--actor", "olga");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("ok    201 {");
        (await _service.ListAsync(_tenant)).Single().GetProperty("title").GetString().ShouldBe("By hand");
        using var audit = await _service.GetAsync(_tenant, "/api/v1/audit");
        (await audit.Content.ReadAsStringAsync()).ShouldContain("\"door\":\"cli\"");
    }

    [Fact]
    public async Task a_command_sent_twice_with_one_id_takes_effect_once()
    {
        string[] words = ["send", _tenant, "create", """{"title": "Once", "created_by": "ada"}""", "--id", $"once-{_tenant}"];

        (await _service.RunAsync(words)).ExitCode.ShouldBe(0);
        var (exitCode, output) = await _service.RunAsync(words);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("is in the stream already");
        (await _service.ListAsync(_tenant)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_program_reads_what_became_of_a_command()
    {
        string[] words = ["send", _tenant, "create", """{"title": "By a program", "created_by": "ada"}""", "--id", $"json-{_tenant}", "--json"];

        var sent = await TellAsync(0, words);
        var again = await TellAsync(0, words);
        var refused = await TellAsync(1, "send", _tenant, "create", """{"title": ""}""", "--json");
        var stored = await TellAsync(0, "send", _tenant, "create", """{"title": "Not waited for", "created_by": "ada"}""", "--wait", "0", "--json");

        sent.GetProperty("id").GetString().ShouldBe($"json-{_tenant}");
        sent.GetProperty("sequence").GetUInt64().ShouldBeGreaterThan(0ul);
        sent.GetProperty("duplicate").GetBoolean().ShouldBeFalse();
        sent.GetProperty("outcome").GetProperty("status").GetInt32().ShouldBe(201);
        sent.GetProperty("outcome").GetProperty("body").GetProperty("title").GetString().ShouldBe("By a program");
        again.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        again.TryGetProperty("outcome", out _).ShouldBeFalse();
        refused.GetProperty("outcome").GetProperty("body").GetProperty("code").GetString().ShouldBe("validation_failed");
        stored.TryGetProperty("outcome", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("create", """{"title": ""}""", "FAIL  400")]
    [InlineData("create", "{", "the command is no JSON")]
    [InlineData("explode", "{}", "the verb is one of")]
    public async Task what_is_refused_is_told_with_an_exit_code(string verb, string body, string told)
    {
        var (exitCode, output) = await _service.RunAsync("send", _tenant, verb, body);

        exitCode.ShouldNotBe(0);
        output.ShouldContain(told);
    }

    [Fact]
    public async Task events_are_followed_from_the_newest_on_and_those_of_others_are_left_out()
    {
        using var other = await _service.CreateAsync($"{_tenant}-other", "Not theirs");
        using var created = await _service.CreateAsync(_tenant, "Theirs");
        await running.Nats.EventsAsync(_tenant, "ticket.created");

        var (exitCode, output) = await _service.RunAsync("tail", "--tenant", _tenant, "--type", "ticket.", "--last", "100000", "--count", "1");

        exitCode.ShouldBe(0, output);
        var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldHaveSingleItem();
        line.ShouldContain("ticket.created");
        line.ShouldContain("Theirs");
    }

    [Fact]
    public async Task it_ends_when_nobody_reads_it_any_more()
    {
        using var created = await _service.CreateAsync(_tenant, "First");
        await running.Nats.EventsAsync(_tenant, "ticket.created");
        using var pipe = ChildProcess.Start(
            "sh", ["-c", $"dotnet {Repository.Program} tail --tenant {_tenant} --last 100000 | grep -m 1 First"], new Dictionary<string, string?> { ["NATS_URL"] = running.Nats.Url });
        await Eventually.Async(() => pipe.Output.Contains("First", StringComparison.Ordinal), Limit, "grep has what it wants");

        await Eventually.Async(
            async () =>
            {
                using var next = await _service.CreateAsync(_tenant, "Next");
                return pipe.HasExited;
            },
            ended => ended,
            Limit,
            "tail has ended as well");
    }

    [Fact]
    public async Task events_are_followed_beyond_a_restart_of_nats()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        using var before = await service.CreateAsync(_tenant, "Before");
        await nats.EventsAsync(_tenant, "ticket.created");
        using var tail = ChildProcess.Start(
            "dotnet", [Repository.Program, "tail", "--type", "ticket.created", "--last", "100", "--count", "2"], new Dictionary<string, string?> { ["NATS_URL"] = nats.Url });
        await Eventually.Async(() => tail.Output.Contains("Before", StringComparison.Ordinal), Limit, "it follows");

        await nats.StopAsync();
        await Eventually.Async(() => tail.Output.Contains("warn  NATS is away", StringComparison.Ordinal), Limit, "it says that it waits");
        await nats.RestartAsync();
        await Eventually.Async(service.IsReadyAsync, ready => ready, Limit, "the service is back");
        using var after = await service.CreateAsync(_tenant, "After");

        await tail.WaitForExitAsync(Limit);
        tail.ExitCode.ShouldBe(0, tail.Output);
        tail.Output.Split('\n').Count(line => line.Contains("ticket.created", StringComparison.Ordinal)).ShouldBe(2, tail.Output);
        tail.Output.ShouldContain("After");
    }

    [Theory]
    [InlineData("--actor", "José", "--actor is 1 to 200 printable ASCII characters")]
    [InlineData("--actor", " ", "--actor is 1 to 200 printable ASCII characters")]
    [InlineData("--id", "", "--id is 1 to 255 printable ASCII characters")]
    [InlineData("--id", "a\nb", "--id is 1 to 255 printable ASCII characters")]
    public async Task what_no_header_can_hold_is_refused(string flag, string value, string told)
    {
        var (exitCode, output) = await _service.RunAsync("send", _tenant, "create", """{"title": "Refused", "created_by": "ada"}""", flag, value);

        exitCode.ShouldBe(1, output);
        output.Trim().ShouldBe($"FAIL  {told}");
        (await _service.ListAsync(_tenant)).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_event_whose_body_is_no_json_is_told_to_a_program_as_text()
    {
        await using var connection = running.Nats.Connect();
        (await new NatsJSContext(connection).PublishAsync("ticket.odd", "{ not JSON", headers: new NatsHeaders { ["tenant"] = _tenant })).EnsureSuccess();

        var told = await TellAsync(0, "tail", "--tenant", _tenant, "--last", "100000", "--count", "1", "--json");

        told.GetProperty("body").GetString().ShouldBe("{ not JSON");
    }

    [Fact]
    public async Task an_event_does_not_turn_around_what_stands_on_the_terminal()
    {
        await using var connection = running.Nats.Connect();
        (await new NatsJSContext(connection).PublishAsync("ticket.odd\u202E", "\"\u001b[2J\u2066told\"", headers: new NatsHeaders { ["tenant"] = _tenant })).EnsureSuccess();

        var (exitCode, output) = await _service.RunAsync("tail", "--tenant", _tenant, "--last", "100000", "--count", "1");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("told");
        output.IndexOfAny(['\u001b', '\u202E', '\u2066']).ShouldBe(-1);
    }

    private async Task<JsonElement> TellAsync(int expected, params string[] words)
    {
        var (exitCode, output) = await _service.RunAsync(words);
        exitCode.ShouldBe(expected, output);
        using var told = JsonDocument.Parse(output);
        return told.RootElement.Clone();
    }
}
