using System.Text.Json;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.DeadLetters;

/// <summary>Somebody deletes the stream of dead letters while the service runs.</summary>
public sealed class LostLetterStream
{
    private const string Stream = "TICKET_DLQ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task it_is_told_and_made_again_for_the_next_command_that_can_not_be_handled()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await DeleteAsync(nats);

        await ShouldBeDegradedAsync(service);
        var (_, told) = await service.RunAsync("send", "acme", "create", "{}");

        told.ShouldContain("FAIL  400");
        (await nats.DeadLettersAsync("dlq.ticket.acme.create", 1)).ShouldHaveSingleItem();
        await Eventually.Async(() => HealthAsync(service), found => found.Status == "ready", Limit, "all is well again");
    }

    [Fact]
    public async Task where_it_may_not_be_made_the_log_says_what_to_do_and_the_command_waits_for_that()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats, ("NATS_PROVISION", "false"));
        await using var provisioner = TicketService.NotStarted(nats);
        (await provisioner.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);
        await service.StartAgainAsync();
        await DeleteAsync(nats);

        await service.RunAsync("send", "acme", "create", "{}", "--wait", "0");
        await Eventually.Async(
            () => service.Output.Contains($"No stream captures the dead-letter subject 'dlq.ticket.acme.create'. Make '{Stream}' with 'resources setup' and a login that may", StringComparison.Ordinal),
            Limit,
            "the log says so");
        await ShouldBeDegradedAsync(service);
        (await provisioner.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);

        (await nats.DeadLettersAsync("dlq.ticket.acme.create", 1)).ShouldHaveSingleItem();
    }

    // Reads and commands that can be handled work all the same.
    private static async Task ShouldBeDegradedAsync(TicketService service)
    {
        var (_, faults) = await Eventually.Async(
            () => HealthAsync(service), found => found.Status == "degraded", Limit, "the health tells of it");
        faults.ShouldContain($"stream {Stream}: stream not found");
        (await service.IsReadyAsync()).ShouldBeTrue();
    }

    private static async Task<(string Status, string Faults)> HealthAsync(TicketService service)
    {
        var body = await service.Http.GetStringAsync("/health/ready");
        using var json = JsonDocument.Parse(body);
        return (json.RootElement.GetProperty("status").GetString()!, json.RootElement.GetProperty("faults").ToString());
    }

    private static async Task DeleteAsync(NatsServer nats)
    {
        await using var connection = nats.Connect();
        await new NatsJSContext(connection).DeleteStreamAsync(Stream);
    }
}
