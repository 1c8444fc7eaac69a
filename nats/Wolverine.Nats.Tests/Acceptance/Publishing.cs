using NatsServers;
using Wolverine.Nats.Sending;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Publishing
{
    private static readonly DeliveryOptions SameId = new DeliveryOptions().WithHeader("Nats-Msg-Id", "order-7");

    [Fact]
    public async Task a_repeat_is_no_error_and_stored_once()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders"));
            options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
        });

        await host.Bus().PublishAsync(Order.New(), SameId);
        await host.Bus().PublishAsync(Order.New(), SameId);

        (await server.ReadAsync("ORDERS")).ShouldHaveSingleItem().Header("Nats-Msg-Id").ShouldBe("order-7");
    }

    [Fact]
    public async Task what_was_stored_without_an_answer_is_not_stored_twice()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders"));
            options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
        });
        var order = Order.New();

        server.Suspend();
        var unknown = await Should.ThrowAsync<PublishUnknownException>(async () => await host.Bus().PublishAsync(order, SameId));
        server.Resume();
        await host.Bus().PublishAsync(order, SameId);

        unknown.Message.ShouldContain("'orders'; it may be stored or not");
        (await server.ReadAsync("ORDERS")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task more_headers_than_a_stream_takes_are_refused_for_ever()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders"));
            options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
        });

        var refused = await Should.ThrowAsync<PublishRefusedException>(async () =>
            await host.Bus().PublishAsync(Order.New(), new DeliveryOptions().WithHeader("note", new string('a', 70_000))));

        (refused.Code, refused.Permanent).ShouldBe((10097, true));
        refused.Message.ShouldContain("Make its headers smaller.");
    }

    [Fact]
    public async Task what_no_stream_captures_is_an_error()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url, (options, _) => options.PublishMessage<Order>().ToNatsSubject("nowhere").UseJetStream().SendInline());

        var unknown = await Should.ThrowAsync<PublishUnknownException>(async () => await host.Bus().PublishAsync(Order.New()));

        unknown.Message.ShouldContain("publish to 'nowhere'");
        unknown.Message.ShouldContain("that a stream captures the subject");
    }

    [Fact]
    public async Task a_server_without_room_is_an_error_that_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        await using var server = await NatsServer.StartAsync($$"""jetstream { store_dir: "{{folder.Path}}", max_file_store: 20KB }""");
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineStream("TEXTS", stream => stream.WithSubjects("texts"));
            options.PublishMessage<string>().ToNatsSubject("texts").SendInline();
        });
        var text = new string('x', 5000);

        var refused = await Should.ThrowAsync<PublishRefusedException>(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await host.Bus().PublishAsync(text);
            }
        });

        (refused.Subject, refused.Stream, refused.Permanent).ShouldBe(("texts", "TEXTS", false));
        refused.Message.ShouldContain("free some or raise JetStream's limits");
    }

    [Fact]
    public async Task a_full_work_queue_keeps_what_it_has_accepted()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            nats.DefineWorkQueueStream("QUEUE", stream => stream.MaxMessages = 3, "queue");
            options.PublishMessage<Order>().ToNatsSubject("queue").SendInline();
        });
        var accepted = new[] { Order.New(), Order.New(), Order.New() };
        foreach (var order in accepted)
        {
            await host.Bus().PublishAsync(order);
        }

        await Should.ThrowAsync<PublishRefusedException>(async () => await host.Bus().PublishAsync(Order.New()));

        (await server.ReadAsync("QUEUE")).Select(message => message.Json().GetProperty("id").GetGuid()).ShouldBe(accepted.Select(order => order.Id));
    }
}
