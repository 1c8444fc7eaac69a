using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>The official NATS client of another language, which knows the documentation alone.</summary>
public class ForeignClient(RunningService running) : IClassFixture<RunningService>
{
    [Fact]
    public async Task a_program_in_node_uses_all_of_it()
    {
        var folder = Path.Combine(Repository.Root, "Tickets.Tests", "Node");
        await ChildProcess.MustRunAsync("npm", "ci", "--prefix", folder, "--no-audit", "--no-fund", "--prefer-offline");

        var (exitCode, output) = await ChildProcess.RunAsync(
            "node", [Path.Combine(folder, "client.mjs"), running.Nats.Url, running.Service.Http.BaseAddress!.ToString().TrimEnd('/')]);

        exitCode.ShouldBe(0, output);
        var seen = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        seen.Select(line => line.GetProperty("what").GetString()).ShouldContain("done");
        seen.Where(line => line.GetProperty("what").GetString() == "event").Select(line => line.GetProperty("type").GetString()).Distinct()
            .ShouldBe(
                [
                    "ticket.created", "ticket.assigned", "ticket.status_changed", "ticket.commented", "ticket.deleted",
                    "notification.requested", "notification.delivered", "audit.recorded",
                ],
                ignoreOrder: true);
    }
}
