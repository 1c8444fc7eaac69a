using System.Text.Json;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Diagnostics;

public sealed class StreamsOnTheCommandLine
{
    [Fact]
    public async Task what_the_streams_hold_is_listed()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await service.RunAsync("send", "acme", "create", "{}");

        var (exitCode, output) = await service.RunAsync("streams", "list");

        exitCode.ShouldBe(0, output);
        output.Split('\n').ShouldContain(line => line.StartsWith("TICKET_DLQ ", StringComparison.Ordinal) && line.Contains(" 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task what_differs_from_the_declaration_is_told_and_left_as_it_is()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        (await service.RunAsync("streams", "diff")).ExitCode.ShouldBe(0);
        var changed = (await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.Config;
        changed.MaxAge = TimeSpan.FromDays(1);
        await jetStream.UpdateStreamAsync(changed);

        var (exitCode, output) = await service.RunAsync("streams", "diff");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("FAIL  stream TICKET_EVENTS: ");
        output.ShouldContain("ok    stream TICKET_COMMANDS");
        (await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.Config.MaxAge.ShouldBe(TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task a_program_reads_where_their_configuration_is_written()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        using var folder = new TemporaryFolder();

        var (exitCode, output) = await service.RunAsync("streams", "export", folder.File("streams"), "--json");

        exitCode.ShouldBe(0, output);
        using var told = JsonDocument.Parse(output);
        foreach (var export in told.RootElement.EnumerateArray())
        {
            using var written = JsonDocument.Parse(await File.ReadAllTextAsync(export.GetProperty("file").GetString()!));
            written.RootElement.GetProperty("name").GetString().ShouldBe(export.GetProperty("stream").GetString());
        }

        told.RootElement.GetArrayLength().ShouldBe(3);
    }
}
