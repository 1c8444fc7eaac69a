using System.Text.Json;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>The words that come with the libraries, as programs use them.</summary>
public sealed class FrameworkWords
{
    [Fact]
    public async Task resources_are_told_with_what_is_wrong_until_they_are_made()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);

        var listed = await TellAsync(service, 0, "resources", "list");
        var missing = await TellAsync(service, 1, "resources", "check");
        var made = await TellAsync(service, 0, "resources", "setup");
        var found = await TellAsync(service, 0, "resources", "check");

        listed.EnumerateArray().Select(resource => resource.GetProperty("name").GetString()).ShouldBe(["Envelope Storage", "NATS"]);
        listed.EnumerateArray().ShouldAllBe(resource => resource.GetProperty("type").GetString()!.Length > 0 && !Has(resource, "ok"));
        missing.EnumerateArray().ShouldAllBe(resource => !resource.GetProperty("ok").GetBoolean());
        missing[1].GetProperty("fault").GetString()!.ShouldContain("nats://subject/ticket.commands.>");
        made.EnumerateArray().ShouldAllBe(resource => resource.GetProperty("ok").GetBoolean());
        made[0].GetProperty("status").GetString()!.ShouldContain("Outgoing");
        found.EnumerateArray().ShouldAllBe(resource => resource.GetProperty("ok").GetBoolean() && !Has(resource, "fault"));
    }

    [Fact]
    public async Task messages_in_the_database_are_counted_and_removed_only_by_who_says_so()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using (var connection = nats.Connect())
        {
            var jetStream = new NatsJSContext(connection);
            var full = (await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.Config;
            (full.MaxBytes, full.Discard) = (10, StreamConfigDiscard.New);
            await jetStream.UpdateStreamAsync(full);
        }

        using var written = await service.CreateAsync("acme", "Its events wait");
        await service.StopAsync();
        var waiting = await CountAsync(service);

        var unasked = await service.RunAsync("storage", "clear", "--json");
        var kept = await CountAsync(service);
        var cleared = await TellAsync(service, 0, "storage", "clear", "--yes");

        waiting.ShouldBe(1, "both events of the ticket wait as one");
        unasked.ExitCode.ShouldNotBe(0);
        unasked.Output.ShouldContain("FAIL  nobody is there to be asked whether to remove it for good; add --yes");
        kept.ShouldBe(waiting);
        cleared.GetProperty("action").GetString().ShouldBe("clear");
        cleared.GetProperty("before").GetProperty("outgoing").GetInt32().ShouldBe(waiting);
        (await CountAsync(service)).ShouldBe(0);
        (await TellAsync(service, 0, "storage", "release")).GetProperty("ok").GetBoolean().ShouldBeTrue();
        (await TellAsync(service, 1, "storage", "flush")).GetProperty("fault").GetString()!.ShouldContain("ServerlessWithOutbox");
    }

    [Fact]
    public async Task streams_are_not_emptied_unasked()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        using var created = await service.CreateAsync("acme", "Kept");
        await nats.EventsAsync("acme", "ticket.created", "audit.recorded");
        await service.StopAsync();

        var (exitCode, output) = await service.RunAsync("resources", "clear");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("add --yes");
        await using var connection = nats.Connect();
        (await new NatsJSContext(connection).GetStreamAsync("TICKET_EVENTS")).Info.State.Messages.ShouldBe(2);
    }

    [Fact]
    public async Task what_the_service_consists_of_is_told_without_asking_anybody()
    {
        await using var service = TicketService.NotStarted("nats://svc:secret-of-nats@127.0.0.1:1");

        var told = await TellAsync(service, 0, "describe");

        told.GetProperty("nats").GetString().ShouldBe("127.0.0.1:1");
        told.ToString().ShouldNotContain("secret-of-nats");
        told.GetProperty("listeners").EnumerateArray().Select(listener => $"{listener.GetProperty("stream")}/{listener.GetProperty("consumer")}")
            .ShouldBe(["TICKET_EVENTS/notifier", "TICKET_COMMANDS/ticket-workers"]);
        told.GetProperty("publishing").EnumerateArray().ShouldContain(published =>
            published.GetProperty("message").GetString() == "Tickets.Contracts.Commands.CreateTicket"
            && published.GetProperty("subject").GetString() == "ticket.commands.{tenant}.create"
            && published.GetProperty("stream").GetString() == "TICKET_COMMANDS");
        told.GetProperty("handlers").EnumerateArray().Single(handled => handled.GetProperty("message").GetString() == "Tickets.Contracts.Commands.CreateTicket")
            .GetProperty("handlers")[0].GetString()!.ShouldContain("CreateTicketHandler.");
        told.GetProperty("streams").EnumerateArray().Select(stream => stream.GetProperty("name").GetString()).ShouldBe(["TICKET_COMMANDS", "TICKET_EVENTS", "TICKET_DLQ"]);
    }

    [Fact]
    public async Task code_around_the_handlers_is_shown_and_tried()
    {
        await using var service = TicketService.NotStarted("nats://127.0.0.1:1");

        var shown = await TellAsync(service, 0, "codegen", "preview");
        var tried = await TellAsync(service, 0, "codegen", "test");
        var unknown = await TellAsync(service, 1, "codegen", "preview", "--type", "Nothing");

        var file = shown.GetProperty("files").EnumerateArray().Single(found => Has(found, "message") && found.GetProperty("message").GetString() == "Tickets.Contracts.Commands.CreateTicket");
        shown.GetProperty("code").GetString()!.ShouldContain($"class {file.GetProperty("name").GetString()}");
        tried.GetProperty("ok").GetBoolean().ShouldBeTrue();
        tried.GetProperty("files").GetArrayLength().ShouldBe(shown.GetProperty("files").GetArrayLength());
        unknown.GetProperty("fault").GetString()!.ShouldContain("WolverineHandlers");
    }

    [Theory]
    [InlineData("resources")]
    [InlineData("storage")]
    [InlineData("describe")]
    [InlineData("codegen")]
    public async Task each_has_help_with_an_example(string word)
    {
        await using var service = TicketService.NotStarted("nats://127.0.0.1:1");

        var output = (await service.RunAsync("help", word)).Output;

        string.Join(' ', output.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)).ShouldContain($"for instance: {word} ");
        output.ShouldContain("--json");
    }

    private static async Task<JsonElement> TellAsync(TicketService service, int expected, params string[] words)
    {
        var (exitCode, output) = await service.RunAsync([.. words, "--json"]);
        exitCode.ShouldBe(expected, output);
        using var told = JsonDocument.Parse(output);
        return told.RootElement.Clone();
    }

    private static async Task<int> CountAsync(TicketService service) => (await TellAsync(service, 0, "storage", "counts")).GetProperty("outgoing").GetInt32();

    private static bool Has(JsonElement element, string property) => element.TryGetProperty(property, out _);
}
