using System.Net;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Overload;

/// <summary>The stream of events takes nothing more, while commands come.</summary>
[Collection(Alone.Name)]
public sealed class RefusingStream
{
    private const int Before = 5_000;
    private const int Commands = 20_000;
    private const int AtOnce = 500;
    private const long Megabyte = 1024 * 1024;
    private const long MostMore = 96 * Megabyte;
    private const string Tenant = "refused";

    // What a process that ends did not give back is delivered again after this, which is too late.
    private static readonly (string Name, string Value) AckWait = ("ACK_WAIT_SECONDS", "600");

    // What is in use then is what is kept, and not what waits to be collected.
    private static readonly (string, string)[] OftenCollected = [("DOTNET_gcServer", "0"), ("DOTNET_GCgen0size", "0x800000")];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_it_refuses_waits_in_the_database_and_not_in_memory(bool onPostgreSql)
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(
            nats, [.. OftenCollected, .. onPostgreSql ? (IEnumerable<(string, string)>)[("DATABASE_URL", await SharedPostgreSql.NewDatabaseAsync())] : []]);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await PublishAsync(jetStream, 0, Before);
        await Eventually.Async(() => Stored.Count(service, "tickets") == Before && Stored.Count(service, "outgoing_messages") == 0, Limit, "all is sent");
        var before = service.ResidentBytes;

        await LimitAsync(jetStream, full: true);
        await PublishAsync(jetStream, Before, Commands);
        await Eventually.Async(() => Stored.Count(service, "tickets") == Before + Commands, Limit, "all is handled");
        var more = service.ResidentBytes - before;
        Stored.Count(service, "outgoing_messages").ShouldBe(Commands, "both events of a command wait as one");
        TestContext.Current.SendDiagnosticMessage($"{before / Megabyte} MiB before, {more / Megabyte} MiB more");
        more.ShouldBeLessThan(MostMore);

        await LimitAsync(jetStream, full: false);
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "all that waited is sent");
        var events = await nats.ReadAsync("TICKET_EVENTS");
        foreach (var type in (string[])["ticket.created", "audit.recorded"])
        {
            var sent = events.Where(e => e.Subject == type).ToArray();
            sent.Select(e => e.Header("ce-id")).Distinct().Count().ShouldBe(Before + Commands);
            sent.Select(e => e.Header("Nats-Msg-Id")).Distinct().Count().ShouldBe(sent.Length, "nothing is sent twice");
        }
    }

    [Fact]
    public async Task a_full_outbox_lets_commands_wait_in_their_stream_and_refuses_new_ones_until_there_is_room()
    {
        const int most = 500;
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("MAX_OUTBOX_MESSAGES", $"{most}"), AckWait);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        (await service.CreateAsync(Tenant, "Before")).StatusCode.ShouldBe(HttpStatusCode.Created);
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "its events are sent");
        await LimitAsync(jetStream, full: true);
        await PublishAsync(jetStream, 0, most);
        await Eventually.Async(() => Stored.Count(service, "tickets") == 1 + most, Limit, "those are handled");
        await Eventually.Async(() => StatusAsync(service), status => status == "degraded", Limit, "it says that the outbox is full");

        await PublishAsync(jetStream, most, most);
        using var refused = await service.CreateAsync(Tenant, "Refused");

        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        (await service.GetAsync(Tenant, "/api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Async(
            async () => (await jetStream.GetConsumerAsync("TICKET_COMMANDS", "ticket-workers")).Info.NumAckPending, taken => taken == most, Limit, "they wait");
        Stored.Count(service, "tickets").ShouldBe(1 + most);

        // Whoever waits for room is given back when the process ends.
        service.Terminate();
        (await service.EndAsync(Limit)).ShouldBe(0);
        (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.Messages.ShouldBe(most);
        service.Output.ShouldNotContain("Not all was finished");
        await LimitAsync(jetStream, full: false);
        await service.StartAgainAsync();
        await Eventually.Async(() => Stored.Count(service, "tickets") == 1 + (2 * most) && Stored.Count(service, "outgoing_messages") == 0, Limit, "all is done and sent");
        (await nats.ReadAsync("TICKET_DLQ")).ShouldBeEmpty();
        await Eventually.Async(() => StatusAsync(service), status => status == "ready", Limit, "it says that there is room");
    }

    private static async Task<string?> StatusAsync(TicketService service)
    {
        using var response = await service.Http.GetAsync("/health/ready");
        return (await response.JsonAsync()).GetProperty("status").GetString();
    }

    private static async Task LimitAsync(NatsJSContext jetStream, bool full)
    {
        var stream = await jetStream.GetStreamAsync("TICKET_EVENTS");
        var config = stream.Info.Config;
        config.Discard = full ? StreamConfigDiscard.New : StreamConfigDiscard.Old;
        config.MaxBytes = full ? (long)stream.Info.State.Bytes : -1;
        await jetStream.UpdateStreamAsync(config);
    }

    private static async Task PublishAsync(NatsJSContext jetStream, int first, int count)
    {
        foreach (var numbers in Enumerable.Range(first, count).Chunk(AtOnce))
        {
            var acks = await Task.WhenAll(numbers.Select(async number => await jetStream.PublishAsync(
                $"ticket.commands.{Tenant}.create",
                $$"""{"title": "Command {{number}}", "description": "It is about as long as descriptions are.", "created_by": "load"}""",
                opts: new NatsJSPubOpts { MsgId = $"command-{number}" })));
            acks.ShouldAllBe(ack => ack.Error == null);
        }
    }
}
