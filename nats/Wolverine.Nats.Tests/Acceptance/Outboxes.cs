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

    [Fact]
    public async Task what_could_not_be_handed_over_is_sent_again_and_handed_over_then()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync();
        ConcurrentDictionary<Guid, int> tries = [];
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            options.PersistMessagesWithPostgresql(database.ConnectionString, "limits");
            nats.DefineStream("LARGE", stream => stream.WithSubjects("large"));
            options.PublishMessage<Order>().ToNatsSubject("large").UseDurableOutbox().WhenConfirmed((sent, _) => sent
                .Select(envelope => tries.AddOrUpdate(envelope.Id, 1, (_, before) => before + 1)).ToArray().Contains(1)
                    ? throw new TimeoutException("the database is away")
                    : Task.CompletedTask);
        });
        var orders = Enumerable.Range(0, 50).Select(_ => Order.New()).ToArray();

        foreach (var order in orders)
        {
            await host.Bus().PublishAsync(order);
        }

        await Eventually.Async(
            () => tries.Count == orders.Length && tries.Values.All(times => times > 1), TimeSpan.FromSeconds(30), "all are handed over in the end");
        (await server.ReadAsync("LARGE")).Count.ShouldBe(orders.Length);
        await host.StopAsync();
    }

    [Fact]
    public async Task an_envelope_that_stands_for_several_messages_is_one_row_until_the_stream_has_all_of_them()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync();
        ConcurrentDictionary<Guid, Guid[]> parts = [];
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            options.PersistMessagesWithPostgresql(database.ConnectionString, "limits");
            nats.DefineStream("TWO", stream => stream.WithSubjects("two").WithLimits(maxMessages: 3));
            options.PublishMessage<Order>().ToNatsSubject("two").UseDurableOutbox().Unpack(PartsOf);
        });

        await host.Bus().PublishAsync(Order.New());
        await RowsAsync(database, 0);
        await host.Bus().PublishAsync(Order.New());
        await Eventually.Async(() => server.ReadAsync("TWO"), stored => stored.Count == 3, OrdersOnJetStream.Recovery, "there is room for one of the second two");
        await RowsAsync(database, 1);
        await using var connection = server.Connect();
        await new NatsJSContext(connection).UpdateStreamAsync(new StreamConfig("TWO", ["two"]) { MaxMsgs = -1, Discard = StreamConfigDiscard.New });
        await RowsAsync(database, 0);

        var stored = await server.ReadAsync("TWO");
        stored.Select(message => Guid.Parse(message.Header("Nats-Msg-Id")!)).Order().ShouldBe(parts.Values.SelectMany(ids => ids).Order());
        stored.Select(message => message.Header("id")).ShouldBe(stored.Select(message => message.Header("Nats-Msg-Id")));
        stored.Select(message => message.Data!).Order(StringComparer.Ordinal).ShouldBe(["first", "first", "second", "second"]);
        await host.StopAsync();

        IReadOnlyList<MessagePart> PartsOf(Envelope envelope)
        {
            var ids = parts.GetOrAdd(envelope.Id, _ => [Guid.NewGuid(), Guid.NewGuid()]);
            return [new MessagePart(ids[0], envelope.MessageType!, "first"u8.ToArray()), new MessagePart(ids[1], envelope.MessageType!, "second"u8.ToArray())];
        }
    }

    [Fact]
    public async Task a_part_that_never_can_be_stored_does_not_give_up_one_that_can_later()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync();
        MessagePart[] parts = [new(Guid.NewGuid(), "order", new byte[200_000]), new(Guid.NewGuid(), "order", "fits"u8.ToArray()), new(Guid.NewGuid(), "order", new byte[200_000])];
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            options.PersistMessagesWithPostgresql(database.ConnectionString, "limits");
            nats.DefineStream("FULL", stream => stream.WithSubjects("full").WithLimits(maxMessages: 1).MaxMessageSize = 100_000);
            options.PublishMessage<Order>().ToNatsSubject("full").UseDurableOutbox().Unpack(_ => parts);
        });
        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        await jetStream.PublishAsync("full", "in the way");

        await host.Bus().PublishAsync(Order.New());
        await RowsAsync(database, 1, where: "WHERE owner_id = 0");
        await jetStream.PurgeStreamAsync("FULL", new StreamPurgeRequest());

        await RowsAsync(database, 0);
        (await server.ReadAsync("FULL")).ShouldHaveSingleItem().Data.ShouldBe("fits");
        await host.StopAsync();
    }

    private static Task<IHost> StartAsync(NatsServer server, PostgreSqlServer database) => QuietHost.StartAsync(server.Url, (options, nats) =>
    {
        options.PersistMessagesWithPostgresql(database.ConnectionString, "limits");
        nats.DefineStream("SMALL", stream => stream.WithSubjects("small").WithLimits(maxMessages: 5));
        options.PublishMessage<Order>().ToNatsSubject("small").UseDurableOutbox();
    });

    private static Task RowsAsync(PostgreSqlServer database, long count, string where = "") => Eventually.Async(
        async () =>
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"SELECT count(*) FROM limits.wolverine_outgoing_envelopes {where}", connection);
            return (long)(await command.ExecuteScalarAsync())!;
        },
        rows => rows == count,
        TimeSpan.FromSeconds(20),
        $"the outbox has {count} rows");
}
