using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Sending;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class OnThreeNodes : IAsyncLifetime
{
    private const int Orders = 300;
    private static readonly TimeSpan Healed = TimeSpan.FromSeconds(30);

    private NatsCluster _cluster = null!;
    private IHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await NatsCluster.StartAsync();
        _host = await OrdersOnJetStream.StartHostAsync(_cluster.Url, nats: nats => nats
            .DeduplicateUsing(envelope => ((Order)envelope.Message!).Id.ToString())
            .DefineWorkQueueStream(OrdersOnJetStream.Stream, stream => stream.WithReplicas(3), "orders.>"));
    }

    [Fact]
    public async Task when_the_leader_of_the_stream_dies_nothing_is_lost()
    {
        var leader = await _cluster.LeaderOfAsync(OrdersOnJetStream.Stream);

        var orders = await PlaceAsync(onTheThirdPart: leader.KillAsync);

        await AllAreHandledAsync(orders);
    }

    [Fact]
    public async Task when_the_leader_of_the_consumer_dies_nothing_is_lost()
    {
        var leader = await ConsumerLeaderAsync();

        var orders = await PlaceAsync(onTheThirdPart: leader.KillAsync);

        await AllAreHandledAsync(orders);
    }

    [Fact]
    public async Task without_a_majority_publishing_fails_in_time_and_goes_on_when_there_is_one_again()
    {
        await _cluster.Nodes[1].KillAsync();
        await _cluster.Nodes[2].KillAsync();
        var clock = Stopwatch.StartNew();

        await Should.ThrowAsync<PublishException>(async () => await _host.Bus().PublishAsync(Order.New()));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await Eventually.Async(_host.IsHealthyAsync, healthy => !healthy, Healed, "the health tells of it");
        await _cluster.Nodes[1].RestartAsync();
        await _cluster.Nodes[2].RestartAsync();
        await Eventually.Async(_host.IsHealthyAsync, healthy => healthy, Healed, "it is well again");
        await AllAreHandledAsync(await PlaceAsync(onTheThirdPart: () => Task.CompletedTask));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _cluster.DisposeAsync();
    }

    // As a client does that must not lose a message: what failed is sent again under the same identity.
    private async Task<IReadOnlyList<Order>> PlaceAsync(Func<Task> onTheThirdPart)
    {
        var orders = Enumerable.Range(0, Orders).Select(_ => Order.New()).ToArray();
        for (var i = 0; i < orders.Length; i++)
        {
            if (i == Orders / 3)
            {
                await onTheThirdPart();
            }

            await Eventually.Async(() => PublishedAsync(orders[i]), published => published, Healed, "it is published");
        }

        return orders;
    }

    private async Task<bool> PublishedAsync(Order order)
    {
        try
        {
            await _host.Bus().PublishAsync(order);
            return true;
        }
        catch (PublishException)
        {
            return false;
        }
    }

    private static async Task AllAreHandledAsync(IReadOnlyList<Order> orders)
    {
        await Eventually.Async(() => orders.All(order => Received.Of(order.Id).Count > 0), Healed, "all are handled");
        orders.Count(order => Received.Of(order.Id).Count > 1).ShouldBeLessThan(Orders / 10, "only what was in flight may come again");
    }

    private async Task<NatsServer> ConsumerLeaderAsync()
    {
        await using var connection = _cluster.Connect();
        var consumer = await new NatsJSContext(connection).GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer);
        return _cluster.Nodes.Single(node => node.Name == consumer.Info.Cluster!.Leader);
    }
}
