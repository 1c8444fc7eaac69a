using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>The official NATS client of another language, which knows the documentation alone.</summary>
public class ForeignClient(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task a_program_in_node_uses_all_of_it()
    {
        var folder = Path.Combine(Repository.Root, "Tickets.Tests", "Node");
        using var install = ChildProcess.Start("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund", "--prefer-offline"]);
        await install.WaitForExitAsync(Limit);
        install.ExitCode.ShouldBe(0, install.Output);

        using var client = ChildProcess.Start(
            "node", [Path.Combine(folder, "client.mjs"), running.Nats.Url, running.Service.Http.BaseAddress!.ToString().TrimEnd('/')]);
        await client.WaitForExitAsync(Limit);

        client.ExitCode.ShouldBe(0, client.Output);
        var seen = client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{'))
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
