using NATS.Client.JetStream;
using NatsServers;
using Npgsql;
using Tickets.Tests.Fixtures;
using Tickets.Tests.Load;

namespace Tickets.Tests.Service;

/// <summary>PostgreSQL goes away and comes back.</summary>
[Collection(Alone.Name)]
public sealed class DatabaseOutages
{
    private const int Commands = 3000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task every_command_takes_effect_once_while_the_database_is_killed_under_load()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var nats = await NatsServer.StartAsync();
        var name = await server.CreateDatabaseAsync();
        await using var first = await TicketService.StartAsync(nats, ("DATABASE_URL", server.UrlOf(name)));
        await using var second = await TicketService.StartAsync(nats, ("DATABASE_URL", server.UrlOf(name)));
        await using var connection = nats.Connect();
        var client = new LoadClient([first, second], connection);

        var sending = client.SendAsync(0, Commands);
        await Eventually.Async(() => client.Taken > Commands / 4, Limit, "the load is on its way");
        await server.KillAsync();
        await Eventually.Async(async () => await first.IsReadyAsync() || await second.IsReadyAsync(), ready => !ready, Limit, "both say that they are not ready");
        await server.StartAgainAsync();
        await Eventually.Async(async () => await first.IsReadyAsync() && await second.IsReadyAsync(), ready => ready, Limit, "both are ready again");
        await sending.WaitAsync(Limit);

        var jetStream = new NatsJSContext(connection);
        await Eventually.Async(async () => (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.Messages, left => left == 0, Limit, "all commands are settled");
        await Eventually.Async(() => Stored.Count(first, "outgoing_messages") == 0, Limit, "the outbox is empty");
        (await jetStream.GetStreamAsync("TICKET_DLQ")).Info.State.Messages.ShouldBe(0);
        client.Surprises.ShouldBeEmpty();
        await using var database = new NpgsqlConnection(server.ConnectionStringOf(name));
        (await new LedgerCheck(client.History, await EventLog.ReadAsync(connection)).FaultsAsync(database)).ShouldBeEmpty();
    }
}
