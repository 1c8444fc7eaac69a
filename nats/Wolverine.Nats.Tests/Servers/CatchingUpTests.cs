namespace Wolverine.Nats.Tests.Servers;

public sealed class CatchingUpTests
{
    [Fact]
    public async Task a_restarted_node_takes_up_what_it_missed()
    {
        await using var data = await ClusterWithData.StartAsync(replicas: 3);
        var leader = await data.LeaderAsync();
        var followers = data.Cluster.Nodes.Where(node => node != leader).ToArray();
        await followers[0].StopAsync();
        await data.StoreAsync("missed");

        await followers[0].RestartAsync();
        await data.Cluster.WaitUntilReadyAsync();
        await data.ReplicasAreCurrentAsync();
        await followers[1].KillAsync();

        // A majority is two of three: the other one that is left has to have all that came before.
        await data.StoreAsync("after");
        (await data.TextsAsync()).ShouldBe(["missed", "after"]);
    }
}
