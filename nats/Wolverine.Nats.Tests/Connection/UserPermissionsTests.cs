using System.Text;
using NatsServers;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Tests.Connection;

/// <summary>nats-server 2.9 does not tell a user's permissions, so the answer of a newer one is given by a subscriber here.</summary>
public sealed class UserPermissionsTests
{
    private const string Answer = """
        {"server":{"name":"s"},"data":{"user":"app","account":"APP","permissions":{
          "publish":{"allow":["orders.>","$JS.API.>"],"deny":["orders.secret"]},
          "subscribe":{"allow":["_INBOX.>"]}}}}
        """;

    [Fact]
    public async Task what_is_needed_and_not_granted_is_told()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = server.Connect();
        await using var system = server.Connect();
        await using var subscription = await system.SubscribeCoreAsync<string>("$SYS.REQ.USER.INFO");
        await system.PingAsync();
        var answering = Task.Run(async () =>
        {
            var question = await subscription.Msgs.ReadAsync();
            await question.ReplyAsync(Encoding.UTF8.GetBytes(Answer));
        });

        var granted = await UserPermissions.AskAsync(connection, default);
        await answering;

        granted.ShouldNotBeNull().Missing(
                ["orders.placed", "orders.secret", "mail.sent", "$JS.API.CONSUMER.MSG.NEXT.S.C"], ["_INBOX.wolverine.x", "orders.placed"])
            .ShouldBe(["publish to 'orders.secret'", "publish to 'mail.sent'", "subscribe to 'orders.placed'"]);
    }

    [Fact]
    public async Task a_server_that_does_not_tell_leaves_it_open()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = server.Connect();

        (await UserPermissions.AskAsync(connection, default)).ShouldBeNull();
    }

    [Fact]
    public void without_a_list_everything_is_allowed() => new UserPermissions(null, new SubjectPermission([], null)).Missing(["a"], ["b"]).ShouldBeEmpty();
}
