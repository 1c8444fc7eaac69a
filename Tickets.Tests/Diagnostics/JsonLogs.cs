using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Diagnostics;

public sealed class JsonLogs
{
    [Fact]
    public async Task a_line_is_a_json_object_with_what_it_is_about_and_its_trace()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var service = await TicketService.StartAsync(nats, [.. receiver.Settings, ("LOG_FORMAT", "json"), ("LOG_LEVEL", "debug")]);
        await service.RunAsync("send", "acme", "create", "{}");

        var lines = service.Output.Split('\n').Where(line => line.StartsWith('{') && line.Contains("\"event_id\"", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        lines.ShouldNotBeEmpty();
        lines.ShouldAllBe(line => line.GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UnixEpoch && line.GetProperty("category").GetString() != null);
        lines.Select(line => TextOf(line, "trace_id")).ShouldContain(trace => trace != null && trace.Length == 32);
        lines.Select(line => TextOf(line.GetProperty("properties"), "stream")).ShouldContain("TICKET_COMMANDS");
        service.Output.Split('\n').ShouldNotContain(line => line.Contains("[4020] Receiving", StringComparison.Ordinal), "no line is for people");
    }

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
