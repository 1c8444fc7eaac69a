using NATS.Client.Core;
using NATS.NKeys;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Logins;

/// <summary>Credentials that come with the address, from settings or from a callback, and not from a method of their own.</summary>
public sealed class Addresses
{
    private const string Password = "authorization { user: app, password: s3cret }";

    [Theory]
    [InlineData("nats://app:s3cret@127.0.0.1:{0}")]
    [InlineData("app:s3cret@127.0.0.1:{0}")]
    [InlineData("nats://127.0.0.1:1,nats://app:s3cret@127.0.0.1:{0}")]
    public async Task an_address_may_hold_user_and_password(string address)
    {
        await using var server = await NatsServer.StartAsync(Password);

        await WorksAsync(string.Format(null, address, server.Port), _ => { });
    }

    [Fact]
    public async Task an_address_needs_no_scheme()
    {
        await using var server = await NatsServer.StartAsync();

        await WorksAsync($"127.0.0.1:{server.Port}", _ => { });
    }

    [Fact]
    public async Task a_callback_is_asked_for_the_credentials()
    {
        await using var server = await NatsServer.StartAsync(Password);

        await WorksAsync(server.Url, settings => settings.AuthCallback = (_, _) => ValueTask.FromResult(NatsAuthCred.FromUserInfo("app", "s3cret")));
    }

    [Fact]
    public async Task a_seed_is_enough_as_a_setting()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await NatsServer.StartAsync($"authorization {{ users: [ {{ nkey: {user.GetPublicKey()} }} ] }}");
        var seed = user.GetSeed();

        await WorksAsync(server.Url, settings => settings.NKeySeed = seed);
    }

    private static async Task WorksAsync(string address, Action<NatsTransportConfiguration> logIn)
    {
        using var host = await QuietHost.StartAsync(
            address,
            (options, _) =>
            {
                logIn(options.NatsTransport().Configuration);
                options.PublishMessage<Order>().ToNatsSubject("orders");
                options.ListenToNatsSubject("orders");
            },
            typeof(OrderHandler));
        var order = Order.New();

        await host.Bus().PublishAsync(order);

        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
    }
}
