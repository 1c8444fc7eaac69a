using NATS.Client.Core;
using NATS.NKeys;
using NatsServers;

namespace Wolverine.Nats.Tests.NKeys;

public sealed class LoginTests
{
    [Fact]
    public async Task a_server_lets_in_the_user_whose_public_key_it_knows()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await ServerFor(user);
        await using var client = new NatsConnection(OptionsFor(server, user));

        await client.PingAsync();

        client.ConnectionState.ShouldBe(NatsConnectionState.Open);
    }

    [Fact]
    public async Task a_server_lets_in_a_user_who_has_the_seed_in_a_callback()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await ServerFor(user);
        var seed = user.GetSeed();
        var options = OptionsFor(server, user) with
        {
            AuthOpts = new NatsAuthOpts { AuthCredCallback = (_, _) => ValueTask.FromResult(NatsAuthCred.FromNkey(seed)) },
        };
        await using var client = new NatsConnection(options);

        await client.PingAsync();

        client.ConnectionState.ShouldBe(NatsConnectionState.Open);
    }

    [Fact]
    public async Task a_server_refuses_a_user_whose_public_key_it_does_not_know()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        using var stranger = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await ServerFor(user);

        await ShouldBeRefused(OptionsFor(server, stranger));
    }

    [Fact]
    public async Task a_server_refuses_a_known_public_key_with_a_signature_by_another_seed()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        using var stranger = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await ServerFor(user);
        var options = OptionsFor(server, stranger);

        await ShouldBeRefused(options with { AuthOpts = options.AuthOpts with { NKey = user.GetPublicKey() } });
    }

    private static Task<NatsServer> ServerFor(KeyPair user) =>
        NatsServer.StartAsync($"authorization {{ users: [ {{ nkey: {user.GetPublicKey()} }} ] }}");

    private static NatsOpts OptionsFor(NatsServer server, KeyPair user) => new()
    {
        Url = server.Url,
        AuthOpts = new NatsAuthOpts { Seed = user.GetSeed(), NKey = user.GetPublicKey() },
    };

    private static async Task ShouldBeRefused(NatsOpts options)
    {
        await using var client = new NatsConnection(options);

        var refusal = await Should.ThrowAsync<NatsException>(async () => await client.ConnectAsync());

        refusal.GetBaseException().Message.ShouldContain("Authorization Violation");
    }
}
