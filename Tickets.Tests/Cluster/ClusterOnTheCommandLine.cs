using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Cluster;

public sealed class ClusterOnTheCommandLine
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task copies_leaders_and_consumers_are_shown_and_what_is_away_is_told()
    {
        await using var cluster = await NatsCluster.StartAsync();
        await using var service = await TicketService.StartAsync(cluster.Url);

        var output = await UntilAsync(service, told => told.ExitCode == 0);
        output.ShouldContain("ok    all is well");
        output.ShouldContain("TICKET_COMMANDS/ticket-workers");
        foreach (var node in cluster.Nodes)
        {
            output.ShouldContain($"{node.Name}");
        }

        var follower = cluster.Nodes.Except([await cluster.LeaderOfAsync("TICKET_COMMANDS")]).First();
        await follower.KillAsync();
        await UntilAsync(service, told => told.ExitCode != 0 && told.Output.Contains($" on {follower.Name}: its copy is ", StringComparison.Ordinal));

        await cluster.Nodes.Except([follower]).First().KillAsync();
        await UntilAsync(service, told => told.Output.Contains("FAIL  JetStream: ", StringComparison.Ordinal));
    }

    private static async Task<string> UntilAsync(TicketService service, Predicate<(int ExitCode, string Output)> holds) =>
        (await Eventually.Async(() => service.RunAsync("cluster"), told => holds(told), Limit, "it is told")).Output;
}
