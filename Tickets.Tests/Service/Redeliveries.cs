using System.Net;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class Redeliveries
{
    private const string Tenant = "redeliveries";
    private const int MostTries = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task a_message_that_is_delivered_again_and_again_is_dead_lettered_before_it_is_handled()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);
        (await service.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        var id = Guid.CreateVersion7();
        await jetStream.PublishAsync($"ticket.commands.{Tenant}.create", """{"title": "Deadly", "created_by": "eve"}""", opts: new NatsJSPubOpts { MsgId = $"{id}" });

        // As if the process had died of it twenty times.
        var consumer = await jetStream.GetConsumerAsync("TICKET_COMMANDS", "ticket-workers");
        for (var i = 0; i < 20; i++)
        {
            var delivery = await consumer.NextAsync<string>();
            await delivery!.NakAsync(new AckOpts { DoubleAck = true });
        }

        await service.StartAgainAsync();

        var letter = (await nats.DeadLettersAsync($"dlq.ticket.{Tenant}.create", 1)).ShouldHaveSingleItem();
        letter.Header("Dlq-Reason")!.ShouldContain("delivered 21 times");
        Stored.Count(service, "tickets").ShouldBe(0);

        // No fault of who sent it: with the same Idempotency-Key it may be sent again.
        var operation = await Eventually.Async(
            async () =>
            {
                using var answer = await service.GetAsync(Tenant, $"/api/v1/operations/{id}");
                return await answer.JsonAsync();
            },
            found => found.GetProperty("status").GetString() == "failed",
            Limit,
            "its outcome is known");
        operation.GetProperty("problem").GetProperty("code").GetString().ShouldBe("command_failed");
    }

    [Fact]
    public async Task a_command_in_a_stream_that_was_made_again_is_not_taken_for_the_one_whose_sequence_it_has()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        (await PublishAsync("Before")).ShouldBe(1UL);
        await Eventually.Async(() => Stored.Count(service, "tickets") == 1, Limit, "the first takes effect");

        await jetStream.DeleteStreamAsync("TICKET_COMMANDS");
        await Eventually.Async(
            async () => await jetStream.ListStreamNamesAsync().ToArrayAsync(), names => names.Contains("TICKET_COMMANDS"), Limit, "the service makes it again");
        (await PublishAsync("After")).ShouldBe(1UL);

        await Eventually.Async(() => Stored.Count(service, "tickets") == 2, Limit, "the second takes effect too");

        async Task<ulong> PublishAsync(string title)
        {
            // A stream has its name before it hears what is published; until then nobody does.
            var ack = await jetStream.PublishAsync(
                $"ticket.commands.{Tenant}.create", $$"""{"title": "{{title}}", "created_by": "eve"}""", opts: new NatsJSPubOpts { RetryAttempts = MostTries });
            ack.EnsureSuccess();
            return ack.Seq;
        }
    }

    [Fact]
    public async Task while_the_event_stream_is_full_events_wait_in_the_outbox_and_leave_when_there_is_room()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await LimitEventsAsync(jetStream, maxBytes: 1);

        using var created = await service.CreateAsync(Tenant, "Waits");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 1, Limit, "both events wait, as one");
        Stored.Count(service, "dead_letters").ShouldBe(0);

        await LimitEventsAsync(jetStream, maxBytes: -1);

        (await nats.EventsAsync(Tenant, "ticket.created", "audit.recorded")).Count.ShouldBe(2);
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "the outbox is empty");
    }

    private static async Task LimitEventsAsync(NatsJSContext jetStream, long maxBytes)
    {
        var stream = await jetStream.GetStreamAsync("TICKET_EVENTS");
        stream.Info.Config.MaxBytes = maxBytes;
        stream.Info.Config.Discard = maxBytes > 0 ? NATS.Client.JetStream.Models.StreamConfigDiscard.New : NATS.Client.JetStream.Models.StreamConfigDiscard.Old;
        await jetStream.UpdateStreamAsync(stream.Info.Config);
    }
}
