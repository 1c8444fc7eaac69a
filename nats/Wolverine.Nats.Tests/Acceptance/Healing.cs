using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Healing
{
    [Fact]
    public async Task when_the_consumer_is_deleted_it_is_created_again()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        await orders.OnJetStreamAsync(async jetStream => await jetStream.DeleteConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer));

        await Received.WaitAsync((await orders.PlaceAsync()).Id);
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it is well");
    }

    [Fact]
    public async Task when_a_consumer_is_missing_that_may_not_be_made_the_health_tells_so_until_somebody_makes_it()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        await orders.Host.ForbidProvisioningAsync();
        var consumer = await orders.OnJetStreamAsync(async jetStream => await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer));

        await orders.OnJetStreamAsync(async jetStream => await jetStream.DeleteConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer));

        await Eventually.Async(
            async () => (await orders.Host.HealthAsync()).Description!,
            found => found.Contains("'ORDERS/order-workers' differs from its declaration: it does not exist", StringComparison.Ordinal),
            OrdersOnJetStream.Recovery,
            "the health tells of it");
        await orders.OnJetStreamAsync(async jetStream => await jetStream.CreateOrUpdateConsumerAsync(OrdersOnJetStream.Stream, consumer.Info.Config));
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it is well");
        await Received.WaitAsync((await orders.PlaceAsync()).Id);
    }

    [Fact]
    public async Task when_the_stream_is_deleted_it_is_created_again()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        await orders.OnJetStreamAsync(async jetStream => await jetStream.DeleteStreamAsync(OrdersOnJetStream.Stream));

        await Eventually.Async(
            () => orders.OnJetStreamAsync(async jetStream => await jetStream.ListStreamNamesAsync(OrdersOnJetStream.Subject).AnyAsync()),
            captured => captured,
            OrdersOnJetStream.Recovery,
            "it is made again");
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it is well");
        await Received.WaitAsync((await orders.PlaceAsync()).Id);
    }

    [Fact]
    public async Task when_the_server_comes_back_the_work_goes_on()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        await orders.Server.StopAsync();
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => !healthy, OrdersOnJetStream.Recovery, "the health tells of it");
        await orders.Server.RestartAsync();

        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it heals");
        await Received.WaitAsync((await orders.PlaceAsync()).Id);
    }

    [Fact]
    public async Task when_a_frozen_server_goes_on_so_does_the_work()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();

        orders.Server.Suspend();
        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => !healthy, OrdersOnJetStream.Recovery, "the health tells of it");
        orders.Server.Resume();

        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it heals");
        await Received.WaitAsync((await orders.PlaceAsync()).Id);
    }

    [Fact]
    public async Task when_the_server_lost_its_data_streams_and_consumers_are_made_again()
    {
        await using var orders = await OrdersOnJetStream.StartAsync();
        await using var other = await OrdersOnJetStream.StartAsync();

        await orders.OnJetStreamAsync(async jetStream => await jetStream.DeleteStreamAsync(OrdersOnJetStream.Stream));
        await orders.Server.RestartAsync();

        await Eventually.Async(orders.Host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it heals");
        await Received.WaitAsync((await orders.PlaceAsync()).Id);
        (await other.Host.IsHealthyAsync()).ShouldBeTrue();
    }
}
