using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NATS.NKeys;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class CommandLine
{
    [Fact]
    public async Task check_env_says_ok_for_everything_while_the_service_runs_and_names_what_fails_without_nats()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);

        var well = await service.RunAsync("check-env");

        well.ExitCode.ShouldBe(0, well.Output);
        var lines = well.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        lines.ShouldAllBe(line => line.StartsWith("ok ", StringComparison.Ordinal));
        foreach (var subject in new[] { "NATS server", "JetStream", "stream TICKET_COMMANDS", "stream TICKET_EVENTS", "stream TICKET_DLQ", "consumer TICKET_COMMANDS/ticket-workers", "database" })
        {
            well.Output.ShouldContain(subject);
        }

        await nats.StopAsync();
        var ill = await service.RunAsync("check-env");

        ill.ExitCode.ShouldNotBe(0);
        ill.Output.Split('\n').Single(line => line.StartsWith("FAIL", StringComparison.Ordinal)).ShouldContain("start nats-server or set NATS_URL");
    }

    [Fact]
    public async Task check_env_names_each_missing_stream_and_the_missing_database()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);

        var (exitCode, output) = await service.RunAsync("check-env");

        exitCode.ShouldNotBe(0);
        var failures = output.Split('\n').Where(line => line.StartsWith("FAIL", StringComparison.Ordinal)).ToArray();
        failures.Length.ShouldBe(6, output);
        failures.ShouldContain(line => line.Contains("stream TICKET_EVENTS: it does not exist", StringComparison.Ordinal));
        failures.ShouldContain(line => line.Contains("database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task resources_setup_makes_all_that_check_env_looks_for()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);

        (await service.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);

        var (exitCode, output) = await service.RunAsync("check-env");
        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task a_second_process_on_the_same_database_is_refused_with_one_clear_line()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);

        await using var second = TicketService.NotStarted(nats, ("DATABASE_URL", service.DatabaseUrl));

        second.Launch();

        (await second.EndAsync(TimeSpan.FromSeconds(60))).ShouldBe(1);
        second.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem()
            .ShouldContain($"{service.DatabasePath} is in use by another process");
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "[::1]")]
    public async Task a_port_that_another_program_has_is_refused_with_one_clear_line(string host, string told)
    {
        await using var nats = await NatsServer.StartAsync();
        using var other = new TcpListener(IPAddress.Parse(host), 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var service = TicketService.NotStarted(nats, ("HOST", host), ("PORT", $"{port}"));

        var (exitCode, output) = await service.RunAsync("run");

        exitCode.ShouldBe(1, output);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem()
            .ShouldBe($"http://{told}:{port} is in use by another process; stop that one, or set PORT to another.");
    }

    // An address for documentation (RFC 5737), which no machine has.
    [Fact]
    public async Task an_address_that_is_not_of_this_machine_is_refused_with_one_clear_line()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats, ("HOST", "192.0.2.1"), ("ALLOW_ANONYMOUS", "true"));

        var (exitCode, output) = await service.RunAsync("run");

        exitCode.ShouldBe(1, output);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem()
            .ShouldStartWith($"http://192.0.2.1:{service.Http.BaseAddress!.Port} can't be listened on: ");
    }

    // The library would run the service in a way of its own: on another port, and without a log.
    [Theory]
    [InlineData("fast", "run", "fast")]
    [InlineData("--verbose", "run", "--verbose")]
    [InlineData("--verbose", "--verbose")]
    public async Task run_takes_no_further_words(string refused, params string[] words)
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);

        var (exitCode, output) = await service.RunAsync(words).WaitAsync(TimeSpan.FromSeconds(30));

        exitCode.ShouldBe(1, output);
        output.Trim().ShouldBe($"FAIL  'run' takes nothing more, and '{refused}' means nothing to it: settings are environment variables; ./tickets list shows the other words");
    }

    [Theory]
    [InlineData("--limit takes a whole number; 'abc' is none", "dlq", "list", "--limit", "abc")]
    [InlineData("-l takes a whole number; '2.5' is none", "dlq", "list", "-l", "2.5")]
    [InlineData("--after takes a whole number from 0; '-5' is none", "dlq", "list", "--after", "-5")]
    [InlineData("--wait takes a whole number; 'long' is none", "send", "create", "{}", "--tenant", "acme", "--wait", "long")]
    [InlineData("--warm-up takes a whole number; '99999999999' is none", "bench", "http", "--warm-up", "99999999999")]
    [InlineData("'bogus' is no action of 'streams'; it is one of list, diff, export", "streams", "bogus")]
    [InlineData("'List' is no action of 'dlq'; it is one of list, show, replay, discard", "dlq", "--limit", "5", "List")]
    [InlineData("'bogus' is no action of 'keys'; it is one of list, create, revoke", "keys", "--json", "bogus")]
    [InlineData("'bogus' is no workload of 'bench'; it is one of http, accept, nats, events, drain, reads", "bench", "bogus", "--json")]
    [InlineData("'bogus' is no action of 'storage'; it is one of clear, counts, flush, rebuild, release, replay", "storage", "bogus")]
    [InlineData("'0' is no action of 'resources'; it is one of clear, teardown, setup, statistics, check, list", "resources", "0")]
    [InlineData("'bogus' is no action of 'codegen'; it is one of preview, write, delete, test", "codegen", "bogus")]
    [InlineData("--language takes one of csharp, fsharp; 'vb' is none", "codegen", "preview", "--language", "vb")]
    [InlineData("there is no word 'doktor'; perhaps 'doctor' is meant; ./tickets list shows all of them", "doktor")]
    [InlineData("there is no word 'db-apply'; ./tickets list shows all of them", "db-apply")]
    [InlineData("there is no word 'doktor'; perhaps 'doctor' is meant; ./tickets list shows all of them", "help", "doktor")]
    public async Task what_the_command_line_does_not_take_is_told_in_one_line(string fault, params string[] words)
    {
        var (exitCode, output) = await TellAsync(words);

        exitCode.ShouldBe(1, output);
        output.Trim().ShouldBe($"FAIL  {fault}");
    }

    [Fact]
    public async Task a_wrong_setting_stops_the_program_with_one_clear_line()
    {
        var (exitCode, output) = await ChildProcess.RunAsync("dotnet", [Repository.Program, "run"], new Dictionary<string, string?> { ["PORT"] = "http" });

        exitCode.ShouldBe(2);
        output.Trim().ShouldBe("PORT is 'http': write a port from 1 to 65535.");
    }

    // JasperFx would find more in the libraries: words for event stores, and for tables that are not theirs to change.
    [Fact]
    public async Task the_words_are_those_of_this_program_alone()
    {
        var (exitCode, output) = await TellAsync("help", "--json");

        exitCode.ShouldBe(0, output);
        using var words = JsonDocument.Parse(output);
        words.RootElement.EnumerateArray().Select(word => word.GetProperty("name").GetString()).ShouldBe(
        [
            "backup", "bench", "check-env", "cluster", "codegen", "describe", "dlq", "doctor", "explain", "help", "keys", "nkey", "republish", "resources",
            "restore", "run", "send", "storage", "streams", "tail",
        ]);
        words.RootElement.EnumerateArray().ShouldAllBe(word => word.GetProperty("description").GetString()!.Contains(' '));
    }

    [Fact]
    public async Task how_a_word_is_called_is_told_from_the_first_line_on_with_its_own_options_alone()
    {
        var (exitCode, output) = await TellAsync("help", "send");

        exitCode.ShouldBe(0, output);
        output.ShouldStartWith("send - ");
        output.ShouldContain("./tickets send <tenant> <verb> <body>");
        output.ShouldContain("--actor");
        output.ShouldNotContain("--environment");
    }

    [Fact]
    public async Task a_word_that_is_called_otherwise_fails_and_is_told_as_help_tells_it()
    {
        var (exitCode, output) = await TellAsync("send", "acme");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("./tickets send <tenant> <verb> <body>");
    }

    [Fact]
    public async Task nkey_writes_a_seed_and_tells_its_public_key()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output) = await TellAsync("nkey", folder.File("service.nk"));

        exitCode.ShouldBe(0, output);
        using var key = KeyPair.FromSeed((await File.ReadAllTextAsync(folder.File("service.nk"))).Trim());
        output.Trim().ShouldBe(key.GetPublicKey());
    }

    [Fact]
    public async Task what_run_does_is_told_with_the_other_words()
    {
        var (exitCode, output) = await TellAsync("help", "run");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("Serve until it is told to end");
    }

    private static Task<(int ExitCode, string Output)> TellAsync(params string[] words) => ChildProcess.RunAsync("dotnet", [Repository.Program, .. words]);
}
