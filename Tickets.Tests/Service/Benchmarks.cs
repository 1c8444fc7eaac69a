using System.Text.Json;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary><c>bench</c> measures, and counts what that made.</summary>
public sealed class Benchmarks(RunningService running) : IClassFixture<RunningService>
{
    [Fact]
    public async Task a_full_stream_is_worked_off_and_everything_is_there()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);

        var (exitCode, output) = await service.RunAsync("bench", "drain", "--warm-up", "100", "--count", "300", "--tenants", "3", "--json");

        exitCode.ShouldBe(0, output);
        ResultIn(output).GetProperty("count").GetInt32().ShouldBe(300);
        ResultIn(output).GetProperty("warm_up_rate").GetDouble().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("accept")]
    [InlineData("nats")]
    [InlineData("events")]
    [InlineData("reads")]
    public async Task a_running_service_is_loaded(string workload)
    {
        var (exitCode, output) = await running.Service.RunAsync("bench", workload, "--count", "200", "--concurrency", "8", "--json");

        exitCode.ShouldBe(0, output);
        var result = ResultIn(output);
        result.GetProperty("rate").GetDouble().ShouldBeGreaterThan(0);
        result.GetProperty("p99_ms").GetDouble().ShouldBeGreaterThanOrEqualTo(result.GetProperty("p50_ms").GetDouble());
        result.GetProperty("faults").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_drain_beside_a_service_on_the_same_file_is_refused_with_one_line_and_sends_nothing()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);

        var (exitCode, output) = await service.RunAsync("bench", "drain", "--count", "100");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("FAIL  ");
        output.ShouldContain("is in use by another process");
        output.ShouldNotContain("   at ");
        await using var connection = nats.Connect();
        (await new NatsJSContext(connection).GetStreamAsync("TICKET_COMMANDS")).Info.State.LastSeq.ShouldBe(0UL);
    }

    [Fact]
    public async Task a_load_for_a_time_sends_more_than_that_many_requests_take()
    {
        var (exitCode, output) = await running.Service.RunAsync("bench", "nats", "--duration", "1", "--count", "1", "--json");

        exitCode.ShouldBe(0, output);
        var result = ResultIn(output);
        result.GetProperty("count").GetInt32().ShouldBeGreaterThan(1);
        result.GetProperty("seconds").GetDouble().ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task a_drain_ends_with_its_stream_and_has_no_duration()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);

        var (exitCode, output) = await service.RunAsync("bench", "drain", "--duration", "1");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("FAIL  drain has no --duration; say how many with --count");
    }

    [Fact]
    public async Task requests_that_nobody_answers_are_faults()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);
        (await service.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);

        var (exitCode, output) = await service.RunAsync("bench", "reads", "--count", "20");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("FAIL  20 failed");
    }

    private static JsonElement ResultIn(string output) =>
        JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith("{\"workload\"", StringComparison.Ordinal))).RootElement;
}
