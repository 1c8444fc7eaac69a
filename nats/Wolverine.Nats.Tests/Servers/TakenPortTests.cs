using NatsServers;

namespace Wolverine.Nats.Tests.Servers;

public sealed class TakenPortTests
{
    [Fact]
    public async Task a_server_never_takes_a_port_that_another_process_has()
    {
        await using var owner = await NatsServer.StartAsync();
        var ports = new Queue<int>([owner.Port, FreePort.Next()]);

        await using var other = await NatsServer.StartAsync(string.Empty, ports.Dequeue);

        ports.ShouldBeEmpty();
        other.Port.ShouldNotBe(owner.Port);
        (await NameAtAsync(other)).ShouldBe(other.Name);
    }

    [Fact]
    public async Task a_restart_waits_for_the_port()
    {
        await using var nats = await NatsServer.StartAsync();
        await nats.StopAsync();
        var intruder = await NatsServer.StartAsync(string.Empty, () => nats.Port);

        var restart = nats.RestartAsync();
        await Eventually.Async(() => nats.Log.Contains("address already in use", StringComparison.Ordinal), TimeSpan.FromSeconds(10), "the port is in use");
        restart.IsCompleted.ShouldBeFalse();
        await intruder.DisposeAsync();
        await restart;

        (await NameAtAsync(nats)).ShouldBe(nats.Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task a_cluster_tells_a_taken_port_whether_it_is_for_routes_or_for_clients(int position)
    {
        await using var owner = await NatsServer.StartAsync();
        var ports = Enumerable.Range(0, 6).Select(i => i == position ? owner.Port : FreePort.Next());

        var fault = await Should.ThrowAsync<PortTakenException>(() => NatsCluster.LaunchAsync(string.Empty, new Queue<int>(ports).Dequeue));

        fault.Message.ShouldContain("address already in use");
    }

    private static async Task<string> NameAtAsync(NatsServer server)
    {
        await using var connection = server.Connect();
        await connection.ConnectAsync();
        return connection.ServerInfo!.Name;
    }
}
