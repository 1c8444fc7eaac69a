using NatsServers;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Postgresql;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class ShardedSubjects
{
    [Fact]
    public async Task messages_are_spread_over_the_subjects_by_their_group_and_handled_from_all_of_them()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, _) =>
            {
                options.PersistMessagesWithPostgresql(database.ConnectionString, "shards");
                options.MessagePartitioning.ByMessage<Order>(order => order.Id.ToString());
                options.MessagePartitioning.GlobalPartitioned(topology =>
                {
                    topology.UseShardedNatsSubjects("orders", 4);
                    topology.Message<Order>();
                });
            },
            typeof(OrderHandler));
        var orders = Enumerable.Range(0, 40).Select(_ => Order.New()).ToArray();

        foreach (var order in orders)
        {
            await host.Bus().PublishAsync(order);
        }

        foreach (var order in orders)
        {
            (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
        }

        foreach (var shard in Enumerable.Range(1, 4))
        {
            host.Nats().EndpointForSubject($"orders{shard}").Mode.ShouldBe(Wolverine.Configuration.EndpointMode.Durable);
            (await server.ReadAsync($"ORDERS{shard}")).Count.ShouldBeLessThan(orders.Length);
        }
    }
}
