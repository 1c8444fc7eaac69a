using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>An application and a server that don't fit together: the start ends at once and says why.</summary>
public sealed class Starting
{
    [Fact]
    public async Task a_stream_that_captures_the_answers_stops_the_start()
    {
        await using var server = await NatsServer.StartAsync();
        await MakeAsync(server, new StreamConfig("GREEDY", ["_INBOX.>"]));

        await ShouldFailAsync(server, "captures '_INBOX.wolverine.", DeclareOrders);
    }

    [Fact]
    public async Task a_stream_that_captures_requests_which_the_application_answers_stops_the_start()
    {
        await using var server = await NatsServer.StartAsync();
        await MakeAsync(server, new StreamConfig("GREEDY", ["quotes.>"]));

        await ShouldFailAsync(server, "stream 'GREEDY' captures 'quotes.*', so its acks would be taken for answers;", (options, nats) =>
        {
            DeclareOrders(options, nats);
            nats.AnswersRequestsOn("quotes.*");
        });
    }

    [Fact]
    public async Task a_stream_that_can_not_become_what_is_declared_stops_the_start()
    {
        await using var server = await NatsServer.StartAsync();
        await MakeAsync(server, new StreamConfig("ORDERS", ["orders.>"]) { Storage = StreamConfigStorage.Memory });

        await ShouldFailAsync(server, "storage is Memory, declared File", DeclareOrders);
    }

    [Fact]
    public async Task a_consumer_that_overlaps_another_of_a_work_queue_stops_the_start()
    {
        await using var server = await NatsServer.StartAsync();

        await ShouldFailAsync(server, "not unique", (options, nats) =>
        {
            DeclareOrders(options, nats);
            options.ListenToNatsSubject("orders.>").UseJetStream("ORDERS", "all");
            options.ListenToNatsSubject("orders.placed").UseJetStream("ORDERS", "placed");
        });
    }

    [Fact]
    public async Task a_missing_stream_stops_the_start_when_it_may_not_be_made()
    {
        await using var server = await NatsServer.StartAsync();

        await ShouldFailAsync(server, "'ORDERS' differs from its declaration: it does not exist", (options, nats) =>
        {
            DeclareOrders(options, nats);
            options.NatsTransport().Configuration.AutoProvision = false;
        });
    }

    [Fact]
    public async Task a_missing_consumer_stops_the_start_when_it_may_not_be_made()
    {
        await using var server = await NatsServer.StartAsync();
        await MakeAsync(server, new StreamConfig("ORDERS", ["orders.>"]) { Retention = StreamConfigRetention.Workqueue });

        await ShouldFailAsync(server, "'ORDERS/workers' differs from its declaration: it does not exist", (options, _) =>
        {
            options.NatsTransport().Configuration.AutoProvision = false;
            options.ListenToNatsSubject("orders.>").UseJetStream("ORDERS", "workers");
        });
    }

    [Fact]
    public async Task a_login_that_the_server_refuses_stops_the_start()
    {
        await using var server = await NatsServer.StartAsync("authorization { token: secret }");

        await ShouldFailAsync(server, "refuses this login (Authorization Violation)", (_, nats) => nats.WithToken("guess"));
    }

    [Fact]
    public async Task a_dead_letter_subject_that_nobody_keeps_stops_the_start_when_no_stream_may_be_made()
    {
        await using var server = await NatsServer.StartAsync();
        await MakeAsync(server, new StreamConfig("ORDERS", ["orders.>"]), new ConsumerConfig("workers") { FilterSubject = "orders.>", AckWait = TimeSpan.FromSeconds(30), MaxAckPending = 1024, MaxDeliver = -1 });

        await ShouldFailAsync(server, "No stream captures the dead-letter subject 'dead.orders'", (options, _) =>
        {
            options.NatsTransport().Configuration.AutoProvision = false;
            options.ListenToNatsSubject("orders.>").UseJetStream("ORDERS", "workers").DeadLetterTo("dead.orders");
        });
    }

    [Fact]
    public async Task listening_and_sending_that_want_different_modes_of_one_endpoint_stop_the_start()
    {
        await using var server = await NatsServer.StartAsync();

        await ShouldFailAsync(server, "sent to through the durable outbox", (options, nats) =>
        {
            DeclareOrders(options, nats);
            options.ListenToNatsSubject("orders.placed").UseJetStream("ORDERS", "workers");
            options.PublishMessage<Order>().ToNatsSubject("orders.placed").UseDurableOutbox();
        });
    }

    private static void DeclareOrders(WolverineOptions options, NatsTransportExpression nats) => nats.DefineWorkQueueStream("ORDERS", "orders.>");

    private static async Task MakeAsync(NatsServer server, StreamConfig stream, params ConsumerConfig[] consumers)
    {
        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(stream);
        foreach (var consumer in consumers)
        {
            await jetStream.CreateConsumerAsync(stream.Name!, consumer);
        }
    }

    private static async Task ShouldFailAsync(NatsServer server, string reason, Action<WolverineOptions, NatsTransportExpression> configure)
    {
        var fault = await Should.ThrowAsync<Exception>(
            () => QuietHost.StartAsync(server.Url, configure).WaitAsync(OrdersOnJetStream.Recovery));

        fault.GetBaseException().ShouldBeAssignableTo<NatsConfigurationException>()!.Message.ShouldContain(reason);
    }
}
