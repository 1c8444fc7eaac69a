using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Backups;

/// <summary>A backup of three nodes, and one server, and the other way round.</summary>
public sealed class ReplicatedBackups : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task streams_of_a_cluster_are_restored_into_one_server_and_back_with_their_replicas()
    {
        await using var cluster = await NatsCluster.StartAsync();
        await using var first = await TicketService.StartAsync(cluster.Url);
        await using var nats = await NatsServer.StartAsync();
        await using var second = TicketService.NotStarted(nats);
        await using var third = TicketService.NotStarted(cluster.Url);

        await MoveAsync(first, second, "one.tar");
        (await ReplicasAsync(nats.Url)).ShouldBe(1);
        await MoveAsync(second, third, "two.tar", "--replace", "--yes");

        await Eventually.Async(() => ReplicasAsync(cluster.Url), replicas => replicas == 3, Limit, "the stream has its replicas again");
        (await third.ListAsync("acme")).Count.ShouldBe(2);
    }

    public void Dispose() => _folder.Dispose();

    private async Task MoveAsync(TicketService from, TicketService to, string name, params string[] flags)
    {
        using var created = await from.CreateAsync("acme", "Moves");
        created.EnsureSuccessStatusCode();
        var backup = await from.RunAsync("backup", _folder.File(name));
        backup.ExitCode.ShouldBe(0, backup.Output);
        await from.StopAsync();
        var restored = await to.RunAsync(["restore", _folder.File(name), .. flags]);
        restored.ExitCode.ShouldBe(0, restored.Output);
        await to.StartAgainAsync();
    }

    private static async Task<int> ReplicasAsync(string url)
    {
        await using var connection = new NATS.Client.Core.NatsConnection(NATS.Client.Core.NatsOpts.Default with { Url = url });
        return (await new NatsJSContext(connection).GetStreamAsync("TICKET_EVENTS")).Info.Config.NumReplicas;
    }
}
