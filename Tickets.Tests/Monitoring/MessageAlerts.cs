using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Monitoring;

/// <summary>The alerts of the group <c>messages</c>: what is wrong makes each fire, and what mends it ends it.</summary>
public sealed class MessageAlerts
{
    private const string Tenant = "alerts";
    private const string Ticket = """{"title": "A ticket", "created_by": "ada"}""";
    private const int LagLimit = 10_000;
    private const int AtOnce = 500;

    [Fact]
    public async Task a_command_that_cannot_be_handled_and_events_that_are_not_taken()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var prometheus = await PrometheusServer.StartAsync(service);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await prometheus.IsWellAsync();

        await LimitEventsAsync(jetStream, maxBytes: 1);
        using (var created = await service.CreateAsync(Tenant, "Its events wait"))
        {
            created.EnsureSuccessStatusCode();
        }

        // While they grow old.
        await jetStream.PublishAsync($"ticket.commands.{Tenant}.create", "{");
        await prometheus.FiresAsync("DeadLetters");
        await prometheus.ResolveAsync("DeadLetters");

        await prometheus.FiresAsync("OutboxOld");
        await LimitEventsAsync(jetStream, maxBytes: -1);
        await prometheus.ResolveAsync("OutboxOld");
    }

    [Fact]
    public async Task commands_that_nobody_handles()
    {
        await using var nats = await NatsServer.StartAsync();
        var url = await SharedPostgreSql.NewDatabaseAsync();
        await using var worker = await TicketService.StartAsync(nats, ("DATABASE_URL", url));
        await worker.StopAsync();
        await using var api = await TicketService.StartAsync(nats, ("DATABASE_URL", url), ("TICKETS_ROLE", "api"));
        await using var prometheus = await PrometheusServer.StartAsync(api, worker);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);

        for (var sent = 0; sent <= LagLimit; sent += AtOnce)
        {
            var acks = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ => await jetStream.PublishAsync($"ticket.commands.{Tenant}.create", Ticket)));
            acks.ShouldAllBe(ack => ack.Error == null);
        }

        await prometheus.FiresAsync("ConsumerStuck", "consumer=ticket-workers");
        await prometheus.FiresAsync("ConsumerLag", "consumer=ticket-workers");
        await worker.StartAgainAsync();
        await prometheus.ResolveAsync("ConsumerStuck", "ConsumerLag");
    }

    private static async Task LimitEventsAsync(NatsJSContext jetStream, long maxBytes)
    {
        var config = (await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.Config;
        config.MaxBytes = maxBytes;
        config.Discard = maxBytes > 0 ? StreamConfigDiscard.New : StreamConfigDiscard.Old;
        await jetStream.UpdateStreamAsync(config);
    }
}
