namespace Wolverine.Nats.Tests.Servers;

public sealed class NatsClusterTests
{
    [Fact]
    public async Task a_replicated_stream_survives_the_kill_of_its_leader()
    {
        await using var data = await ClusterWithData.StartAsync(replicas: 3);
        await data.StoreAsync("before");
        var leader = await data.LeaderAsync();

        await leader.KillAsync();
        await data.StoreAsync("after");

        (await data.LeaderAsync()).ShouldNotBe(leader);
        (await data.TextsAsync()).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task a_restarted_node_comes_back_with_its_data()
    {
        await using var data = await ClusterWithData.StartAsync(replicas: 1);
        await data.StoreAsync("kept");
        var only = await data.LeaderAsync();

        await only.KillAsync();
        await only.RestartAsync();

        (await data.LeaderAsync()).ShouldBe(only);
        (await data.TextsAsync()).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task a_node_stays_in_the_cluster_when_its_configuration_is_replaced()
    {
        await using var data = await ClusterWithData.StartAsync(replicas: 3);
        var follower = data.Cluster.Nodes.Except([await data.LeaderAsync()]).First();

        await follower.ReloadAsync("max_payload: 64KB");

        await using var connection = follower.Connect();
        await connection.ConnectAsync();
        connection.ServerInfo!.MaxPayload.ShouldBe(64 * 1024);
        await data.ReplicasAreCurrentAsync();
    }
}
