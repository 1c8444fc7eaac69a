using NATS.Client.Core;
using NatsServers;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Tests.Connection;

/// <summary>Replies go to inboxes that strangers name, and each may be another one that the server forbids.</summary>
public sealed class PermissionRefusalsTests
{
    private const int Many = 1000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task of_many_refusals_the_latest_are_remembered()
    {
        await using var nats = await NatsServer.StartAsync("""authorization { users [{ user: "app", password: "p", permissions { publish: "allowed" } }] }""");
        await using var connection = nats.Connect(new NatsAuthOpts { Username = "app", Password = "p" });
        using var refusals = new PermissionRefusals(connection, hasUser: true);

        for (var i = 0; i < Many; i++)
        {
            await connection.PublishAsync($"forbidden.{i}", "x");
        }

        await Eventually.Async(() => refusals.Publishing($"forbidden.{Many - 1}"), Limit, "the last is refused");
        refusals.Described!.Split("publish to '").Length.ShouldBe(PermissionRefusals.Most + 1);
        refusals.Publishing($"forbidden.{Many - (PermissionRefusals.Most / 2)}").ShouldBeTrue();
    }
}
