using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class Crashes
{
    private const int Commands = 500;
    private const int Repeated = 50;
    private const int Kills = 3;
    private const string Tenant = "crashes";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task a_service_that_is_killed_three_times_under_load_does_every_command_exactly_once()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);

        var next = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            // Killed in the middle of its work: some of the burst is done, some is not.
            var burst = Commands / (Kills + 1);
            var before = Stored.Count(service, "tickets");
            await PublishAsync(jetStream, next, burst);
            next += burst;
            await Eventually.Async(() => Stored.Count(service, "tickets") > before, Limit, "the burst is being worked on");
            await service.KillAsync();
            await service.StartAgainAsync();
        }

        await PublishAsync(jetStream, next, Commands - next);
        await ForgetIdsAsync(jetStream);
        await PublishAsync(jetStream, 0, Repeated);
        await Eventually.Async(async () => (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.Messages, left => left == 0, Limit, "all commands are settled");
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "the outbox is empty");

        var titles = (await service.ListAsync(Tenant)).Select(t => t.GetProperty("title").GetString()).ToArray();
        titles.Order().ShouldBe(Enumerable.Range(0, Commands).Select(Title).Order());
        (await service.ListAsync(Tenant)).Select(t => t.GetProperty("number").GetInt64()).Order().ShouldBe(Enumerable.Range(1, Commands).Select(n => (long)n));
        var created = (await nats.ReadAsync("TICKET_EVENTS")).Where(e => e.Subject == "ticket.created").ToArray();
        created.Select(e => e.Header("ce-id")).Distinct().Count().ShouldBe(Commands);
        created.Select(e => e.Json().GetProperty("ticket").GetProperty("title").GetString()).Distinct().Count().ShouldBe(Commands);
        (await nats.ReadAsync("TICKET_DLQ")).ShouldBeEmpty();
        Stored.Count(service, "dead_letters").ShouldBe(0);
        await Eventually.Async(() => Stored.Count(service, "audit", Tenant) == Commands, Limit, "the audit trail has every change");
    }

    [Fact]
    public async Task a_service_that_is_told_to_end_under_load_leaves_nothing_that_it_has_finished_to_be_done_again()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        using (var warm = await service.CreateAsync(Tenant, "Warm"))
        {
            warm.EnsureSuccessStatusCode();
        }

        await PublishAsync(jetStream, 0, Commands);
        await Eventually.Async(() => Stored.Count(service, "tickets") > 50, Limit, "work is in flight");
        await service.StopAsync();

        var done = Stored.Count(service, "tickets") - 1;
        var left = (await nats.ReadAsync("TICKET_COMMANDS")).Count;
        (done + left).ShouldBe(Commands);
        await service.StartAgainAsync();
        await Eventually.Async(() => Stored.Count(service, "tickets") == Commands + 1, Limit, "the next one does the rest");
    }

    private static string Title(int command) => $"Command {command:D4}";

    private static async Task PublishAsync(NatsJSContext jetStream, int first, int count)
    {
        var acks = await Task.WhenAll(Enumerable.Range(first, count).Select(async command => await jetStream.PublishAsync(
            $"ticket.commands.{Tenant}.create",
            Encoding.UTF8.GetBytes($$"""{"title": "{{Title(command)}}", "created_by": "load"}"""),
            opts: new NatsJSPubOpts { MsgId = $"command-{command}" },
            headers: new NatsHeaders())));
        acks.ShouldAllBe(ack => ack.Error == null && !ack.Duplicate);
    }

    // With a window this short the stream itself recognises no repeat: only the ledger does.
    private static async Task ForgetIdsAsync(NatsJSContext jetStream)
    {
        var stream = await jetStream.GetStreamAsync("TICKET_COMMANDS");
        stream.Info.Config.DuplicateWindow = TimeSpan.FromMilliseconds(100);
        await jetStream.UpdateStreamAsync(stream.Info.Config);
        await Eventually.Async(
            async () => await jetStream.PublishAsync(
                $"ticket.commands.{Tenant}.create",
                Encoding.UTF8.GetBytes($$"""{"title": "{{Title(Commands - 1)}}", "created_by": "load"}"""),
                opts: new NatsJSPubOpts { MsgId = $"command-{Commands - 1}" }),
            ack => !ack.Duplicate,
            Limit,
            "the stream forgets ids");
    }
}
