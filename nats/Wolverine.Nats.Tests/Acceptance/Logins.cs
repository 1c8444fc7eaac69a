using NATS.NKeys;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Logins : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public Task a_user_logs_in_with_a_password() => WorksAsync(
        "authorization { user: app, password: secret }",
        nats => nats.WithCredentials("app", "secret"),
        nats => nats.WithCredentials("app", "guess"));

    [Fact]
    public Task an_application_logs_in_with_a_token() => WorksAsync(
        "authorization { token: secret }",
        nats => nats.WithToken("secret"),
        nats => nats.WithToken("guess"));

    [Fact]
    public async Task a_user_logs_in_with_the_seed_of_an_nkey()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        using var stranger = KeyPair.CreatePair(PrefixByte.User);

        await WorksAsync(
            $"authorization {{ users: [ {{ nkey: {user.GetPublicKey()} }} ] }}",
            nats => nats.WithNKey(Write("user.nk", user.GetSeed())),
            nats => nats.WithNKey(Write("stranger.nk", stranger.GetSeed())));
    }

    [Fact]
    public async Task an_nkey_file_without_a_seed_ends_the_start_at_once()
    {
        await using var server = await NatsServer.StartAsync();

        var fault = await Unreachable.LoggingInAsync(server.Url, nats => nats.WithNKey(Write("empty.nk", "nothing")));

        fault.ShouldContain("empty.nk' has no user's seed, a line that begins with SU.");
    }

    [Fact]
    public async Task a_user_logs_in_with_a_jwt()
    {
        using var account = new JwtAccount();

        await WorksAsync(
            account.ServerConfiguration,
            nats => nats.WithCredentialsFile(Write("user.creds", account.Credentials())),
            nats => nats.WithCredentialsFile(Write("forged.creds", account.Credentials(forged: true))));
    }

    [Fact]
    public Task nobody_logs_in_without_credentials() => WorksAsync(
        "authorization { user: app, password: secret }", nats => nats.WithCredentials("app", "secret"), _ => { });

    public void Dispose() => _folder.Dispose();

    private static async Task WorksAsync(string server, Action<NatsTransportExpression> right, Action<NatsTransportExpression> wrong)
    {
        await using var running = await NatsServer.StartAsync(server);
        using var host = await OrdersOnJetStream.StartHostAsync(running.Url, nats: right);
        var order = Order.New();

        await host.Bus().PublishAsync(order);

        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
        await host.StopAsync();
        (await Unreachable.LoggingInAsync(running.Url, wrong)).ShouldContain("Authorization Violation");
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
