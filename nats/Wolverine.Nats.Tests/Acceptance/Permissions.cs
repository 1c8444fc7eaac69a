using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Sending;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Permissions
{
    private const string Everything = "";

    [Fact]
    public async Task a_permission_to_publish_that_is_taken_away_is_named_and_work_goes_on_when_it_is_back()
    {
        await using var server = await NatsServer.StartAsync(Users(Everything));
        using var host = await OrdersOnJetStream.StartHostAsync(UrlOf(server));

        await server.ReloadAsync(Users("""publish: { deny: ["orders.>"] }"""));
        await Eventually.Async(host.IsHealthyAsync, healthy => healthy, OrdersOnJetStream.Recovery, "it is connected again");
        var forbidden = await Should.ThrowAsync<PublishUnknownException>(async () => await host.Bus().PublishAsync(Order.New()));
        await server.ReloadAsync(Users(Everything));

        forbidden.Forbidden.ShouldBeTrue();
        forbidden.Message.ShouldBe("Stream 'ORDERS' has not confirmed the publish to 'orders.placed': the server forbids this user to publish there. Give it the permission.");
        var order = Order.New();
        await Eventually.Async(() => PublishedAsync(host.Bus(), order), published => published, OrdersOnJetStream.Recovery, "it is published");
        await Received.WaitAsync(order.Id);
    }

    [Fact]
    public async Task a_permission_to_pull_that_is_taken_away_is_noticed_and_work_goes_on_when_it_is_back()
    {
        await using var server = await NatsServer.StartAsync(Users(Everything));
        using var host = await OrdersOnJetStream.StartHostAsync(UrlOf(server));

        await server.ReloadAsync(Users("""publish: { deny: ["$JS.API.CONSUMER.>"] }"""));
        await Eventually.Async(host.IsHealthyAsync, healthy => !healthy, TimeSpan.FromSeconds(20), "the health tells of it");
        var order = Order.New();
        await Eventually.Async(() => PublishedAsync(host.Bus(), order), published => published, OrdersOnJetStream.Recovery, "it is published");
        await server.ReloadAsync(Users(Everything));

        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task a_listener_that_may_not_pull_stays_unhealthy_however_often_it_tries()
    {
        const int enough = 4;
        await using var server = await NatsServer.StartAsync(Users(Everything));
        using var host = await OrdersOnJetStream.StartHostAsync(UrlOf(server));
        await server.ReloadAsync(Users("""publish: { deny: ["$JS.API.CONSUMER.MSG.NEXT.>"] }"""));
        await Eventually.Async(host.IsHealthyAsync, healthy => !healthy, TimeSpan.FromSeconds(20), "the health tells of it");

        await using var anyone = server.Connect(new NatsAuthOpts { Username = "anyone", Password = "any" });
        await using var questions = await anyone.SubscribeCoreAsync<string>("$JS.API.CONSUMER.>");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var asked = 0; asked < enough;)
        {
            (await host.IsHealthyAsync()).ShouldBeFalse($"after {asked} questions");
            await Task.Delay(20, limit.Token);
            asked += questions.Msgs.TryRead(out _) ? 1 : 0;
        }
    }

    // Found by the fault suite: "a NATS permission revoked", seed 100.
    [Fact]
    public async Task a_permission_to_hear_acks_that_is_taken_away_is_noticed_and_work_goes_on_when_it_is_back()
    {
        await using var server = await NatsServer.StartAsync(Users(Everything));
        using var host = await OrdersOnJetStream.StartHostAsync(UrlOf(server));
        await host.Bus().PublishAsync(Order.New());

        await server.ReloadAsync(Users("""subscribe: { deny: ["_INBOX.>"] }"""));
        await Eventually.Async(host.IsHealthyAsync, healthy => !healthy, TimeSpan.FromSeconds(30), "the health tells of it");
        await server.ReloadAsync(Users(Everything));

        var order = Order.New();
        await Eventually.Async(() => PublishedAsync(host.Bus(), order), published => published, TimeSpan.FromSeconds(60), "it is published");
        await Received.WaitAsync(order.Id);
    }

    [Fact]
    public async Task dead_letters_that_nobody_confirms_hold_nothing_up_and_are_stored_when_they_may_be()
    {
        const int poison = 30;
        await using var server = await NatsServer.StartAsync(Users("""publish: { deny: ["dead.>"] }"""));
        using var host = await OrdersOnJetStream.StartHostAsync(
            UrlOf(server), listener => listener.DeadLetterTo("dead.orders"), nats => nats.DefineStream("DEAD", stream => stream.WithSubjects("dead.>")));
        await using var anyone = server.Connect();
        var jetStream = new NatsJSContext(anyone);
        for (var i = 0; i < poison; i++)
        {
            (await jetStream.PublishAsync(OrdersOnJetStream.Subject, "no headers")).EnsureSuccess();
        }

        var order = Order.New();
        await host.Bus().PublishAsync(order);
        await Received.WaitAsync(order.Id);
        (await server.ReadAsync("DEAD")).ShouldBeEmpty();
        await server.ReloadAsync(Users(Everything));

        await Eventually.Async(() => server.ReadAsync("DEAD"), dead => dead.Count == poison, TimeSpan.FromSeconds(60), "each is dead-lettered once");
    }

    [Fact]
    public async Task a_subscription_that_is_forbidden_stops_the_start()
    {
        await using var server = await NatsServer.StartAsync(Users("""subscribe: { deny: ["secret.>"] }"""));

        var fault = await Should.ThrowAsync<Exception>(
            () => QuietHost.StartAsync(UrlOf(server), (options, _) => options.ListenToNatsSubject("secret.orders")));

        fault.GetBaseException().ShouldBeOfType<BrokerUnusableException>()
            .Message.ShouldContain("forbids this user to subscribe to 'secret.orders'");
    }

    private static async Task<bool> PublishedAsync(IMessageBus bus, Order order)
    {
        try
        {
            await bus.PublishAsync(order);
            return true;
        }
        catch (PublishException)
        {
            return false;
        }
    }

    private static string UrlOf(NatsServer server) => server.Url.Replace("nats://", "nats://app:secret@", StringComparison.Ordinal);

    private static string Users(string permissions) => $$"""
        authorization { users: [ { user: app, password: secret, permissions: { {{permissions}} } }, { user: anyone, password: any } ] }
        no_auth_user: anyone
        """;
}
