using System.Collections.Concurrent;
using JasperFx.Core;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Npgsql;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Postgresql;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Outboxes
{
    [Fact]
    public async Task what_a_full_stream_refuses_stays_in_the_outbox_until_there_is_room()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync();
        using var host = await StartAsync(server, database);
        var orders = Enumerable.Range(0, 50).Select(_ => Order.New()).ToArray();

        foreach (var order in orders)
        {
            await host.Bus().PublishAsync(order);
        }

        await RowsAsync(database, orders.Length - 5);
        await using var connection = server.Connect();
        await new NatsJSContext(connection).UpdateStreamAsync(new StreamConfig("SMALL", ["small"]) { MaxMsgs = -1, Discard = StreamConfigDiscard.New });

        await RowsAsync(database, 0);
        (await server.ReadAsync("SMALL")).Select(message => message.Json().GetProperty("id").GetGuid()).Order()
            .ShouldBe(orders.Select(order => order.Id).Order());
        await host.StopAsync();
    }

    [Fact]
    public async Task what_is_confirmed_is_handed_over_to_be_deleted_when_somebody_wants_to_do_that()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync();
        ConcurrentQueue<Guid> confirmed = [];
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            options.PersistMessagesWithPostgresql(database.ConnectionString, "limits");
            nats.DefineStream("LARGE", stream => stream.WithSubjects("large"));
            options.PublishMessage<Order>().ToNatsSubject("large").UseDurableOutbox().WhenConfirmed((sent, _) =>
            {
                sent.Each(envelope => confirmed.Enqueue(envelope.Id));
                return Task.CompletedTask;
            });
        });
        var orders = Enumerable.Range(0, 50).Select(_ => Order.New()).ToArray();

        foreach (var order in orders)
        {
            await host.Bus().PublishAsync(order);
        }

        await Eventually.Async(() => confirmed.Count == orders.Length, OrdersOnJetStream.Recovery, "all are confirmed");
        (await server.ReadAsync("LARGE")).Select(message => Guid.Parse(message.Header("Nats-Msg-Id")!)).Order().ShouldBe(confirmed.Order());
        await RowsAsync(database, orders.Length);
        await host.StopAsync();
    }

    private static Task<IHost> StartAsync(NatsServer server, PostgreSqlServer database) => QuietHost.StartAsync(server.Url, (options, nats) =>
    {
        options.PersistMessagesWithPostgresql(database.ConnectionString, "limits");
        nats.DefineStream("SMALL", stream => stream.WithSubjects("small").WithLimits(maxMessages: 5));
        options.PublishMessage<Order>().ToNatsSubject("small").UseDurableOutbox();
    });

    private static Task RowsAsync(PostgreSqlServer database, long count) => Eventually.Async(
        async () =>
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT count(*) FROM limits.wolverine_outgoing_envelopes", connection);
            return (long)(await command.ExecuteScalarAsync())!;
        },
        rows => rows == count,
        TimeSpan.FromSeconds(20),
        $"the outbox has {count} rows");
}
