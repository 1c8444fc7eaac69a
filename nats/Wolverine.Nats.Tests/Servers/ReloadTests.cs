using NATS.Client.Core;
using NatsServers;

namespace Wolverine.Nats.Tests.Servers;

public sealed class ReloadTests
{
    [Fact]
    public async Task a_permission_can_be_taken_from_a_client_that_stays_connected()
    {
        await using var nats = await NatsServer.StartAsync(MayPublish("may.>", "might.>"));
        await using var client = nats.Connect();
        await using var subscription = await client.SubscribeCoreAsync<string>(">");
        await client.PublishAsync("might.a", "before");
        (await NextAsync(subscription)).ShouldBe("before");
        var clientId = client.ServerInfo!.ClientId;

        await nats.ReloadAsync(MayPublish("may.>"));
        await client.PublishAsync("might.a", "refused");
        await client.PublishAsync("may.a", "after");

        (await NextAsync(subscription)).ShouldBe("after");
        client.ServerInfo!.ClientId.ShouldBe(clientId);
    }

    [Fact]
    public async Task what_was_reloaded_outlives_a_restart()
    {
        await using var nats = await NatsServer.StartAsync("max_payload: 64KB");

        await nats.ReloadAsync("max_payload: 32KB");
        await nats.RestartAsync();

        await using var connection = nats.Connect();
        await connection.ConnectAsync();
        connection.ServerInfo!.MaxPayload.ShouldBe(32 * 1024);
    }

    [Fact]
    public async Task a_configuration_that_the_server_refuses_is_told()
    {
        await using var nats = await NatsServer.StartAsync();

        var fault = await Should.ThrowAsync<InvalidOperationException>(() => nats.ReloadAsync("no_such_word: 1"));

        fault.Message.ShouldContain("no_such_word");
    }

    private static string MayPublish(params string[] subjects) => $$"""
        authorization { users: [ { user: u, password: p, permissions: { publish: [ {{string.Join(", ", subjects.Select(s => $"\"{s}\""))}} ] } } ] }
        no_auth_user: u
        """;

    private static async Task<string?> NextAsync(INatsSub<string> subscription) =>
        (await subscription.Msgs.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5))).Data;
}
