using System.Text;
using NATS.Client.Core;
using NatsServers;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Tests.Connection;

public sealed class UserPermissionsTests
{
    private const string Users = """
        authorization {
          users: [
            { user: app, password: one, permissions: {
                publish: { allow: ["orders.>", "$JS.API.>", "$SYS.REQ.USER.INFO"], deny: ["orders.secret"] }, subscribe: { allow: ["_INBOX.>"] } } }
            { user: other, password: two }
          ]
        }
        no_auth_user: other
        """;

    // What a server of 2.10 or later answers.
    private const string Answer = """
        {"server":{"name":"s"},"data":{"user":"app","account":"APP","permissions":{
          "publish":{"allow":["orders.>","$JS.API.>","$SYS.REQ.USER.INFO"],"deny":["orders.secret"]},
          "subscribe":{"allow":["_INBOX.>"]}}}}
        """;

    private static readonly Version ThatTells = new(2, 10);

    /// <summary>An older server does not tell, so a subscriber answers in its place.</summary>
    [Fact]
    public async Task what_is_needed_and_not_granted_is_told()
    {
        await using var server = await NatsServer.StartAsync(Users);
        await using var connection = server.Connect(new() { Username = "app", Password = "one" });
        await using var other = server.Connect();
        var answering = InstalledServer.Version >= ThatTells ? Task.CompletedTask : await AnswerAsync(other, Answer);

        var granted = await UserPermissions.AskAsync(connection, default);
        await answering;

        granted.ShouldNotBeNull().Missing(
                ["orders.placed", "orders.secret", "mail.sent", "$JS.API.CONSUMER.MSG.NEXT.S.C"], ["_INBOX.wolverine.x", "orders.placed"])
            .ShouldBe(["publish to 'orders.secret'", "publish to 'mail.sent'", "subscribe to 'orders.placed'"]);
    }

    [Fact]
    public async Task a_user_that_may_do_everything_is_told_apart_from_a_server_that_does_not_tell()
    {
        await using var server = await NatsServer.StartAsync(Users);
        await using var connection = server.Connect();
        await using var other = server.Connect();
        var answering = InstalledServer.Version >= ThatTells ? Task.CompletedTask : await AnswerAsync(other, """{"data":{"user":"other","account":"$G"}}""");

        var granted = await UserPermissions.AskAsync(connection, default);
        await answering;

        granted.ShouldNotBeNull().Missing(["orders.secret"], ["orders.secret"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_server_that_does_not_tell_leaves_it_open()
    {
        await using var server = await NatsServer.StartAsync("""
            authorization { users: [ { user: silenced, password: one, permissions: { publish: { deny: ["$SYS.>"] } } } ] }
            no_auth_user: silenced
            """);
        await using var connection = server.Connect();

        (await UserPermissions.AskAsync(connection, default)).ShouldBeNull();
    }

    [Fact]
    public void without_a_list_everything_is_allowed() => new UserPermissions(null, new SubjectPermission([], null)).Missing(["a"], ["b"]).ShouldBeEmpty();

    private static async Task<Task> AnswerAsync(NatsConnection other, string answer)
    {
        var subscription = await other.SubscribeCoreAsync<string>(UserPermissions.UserInfo);
        await other.PingAsync();
        return Task.Run(async () =>
        {
            await using (subscription)
            {
                var question = await subscription.Msgs.ReadAsync();
                await question.ReplyAsync(Encoding.UTF8.GetBytes(answer));
            }
        });
    }
}
