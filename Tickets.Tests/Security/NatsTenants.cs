using System.Globalization;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>What a tenant's client may do with the user of the shipped production configuration, and what it tries in vain.</summary>
[Collection(InProduction.Name)]
public sealed class NatsTenants(ProductionCluster production)
{
    private const int Tries = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static TheoryData<string> ForbiddenToPublish =>
    [
        "ticket.commands.globex.create", "ticket.api.globex.list", "ticket.commands.acme", "ticket.created", "audit.recorded", "notification.requested",
        "dlq.ticket.acme.create", "_INBOX.tickets.1", "_INBOX.tenant.acme.1", "_INBOX.tenant.globex.1", "$JS.API.INFO", "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.PURGE.TICKET_EVENTS", "$JS.API.CONSUMER.MSG.NEXT.TICKET_COMMANDS.ticket-workers", "$JS.ACK.TICKET_COMMANDS.ticket-workers.1.1.1.1.0",
        "$SYS.REQ.SERVER.PING", "$SRV.INFO", "_R_.guess.1",
    ];

    public static TheoryData<string> ForbiddenToSubscribe =>
    [
        ">", "*.>", "ticket.created", "ticket.*", "ticket.>", "ticket.commands.>", "ticket.commands.acme.>", "ticket.api.acme.*", "audit.*", "dlq.>",
        "_INBOX.>", "_INBOX.*", "_INBOX.tickets.>", "_INBOX.tenant.>", "_INBOX.tenant.*.1", "_INBOX.tenant.globex.>", "_R_.>", "$SYS.>", "$JS.>", "$JS.EVENT.>", "$SRV.>",
    ];

    [Theory]
    [MemberData(nameof(ForbiddenToPublish))]
    public async Task it_may_not_publish_anywhere_else(string subject)
    {
        await using var acme = await NatsAttempts.OpenAsync(production.Connect("acme"));

        (await acme.MayPublishAsync(subject)).ShouldBeFalse();
        (await acme.MayPublishAsync("ticket.api.acme.none")).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(ForbiddenToSubscribe))]
    public async Task it_may_not_listen_anywhere_else(string subject)
    {
        await using var acme = await NatsAttempts.OpenAsync(production.Connect("acme"));

        (await acme.MaySubscribeAsync(subject)).ShouldBeFalse();
        (await acme.MaySubscribeAsync("_INBOX.tenant.acme.>")).ShouldBeTrue();
    }

    [Fact]
    public async Task it_sends_commands_and_asks_and_hears_the_answers_in_its_own_inbox()
    {
        await using var acme = production.Connect("acme");
        var inbox = acme.NewInbox();
        await using var answers = await acme.SubscribeCoreAsync<string>(inbox);

        var ack = await acme.RequestAsync<string, string>(
            "ticket.commands.acme.create", """{"title": "By a stream", "created_by": "bob"}""", new NatsHeaders { ["Reply-To"] = inbox, ["Nats-Msg-Id"] = inbox });
        var outcome = await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit);
        var listed = await AskAsync(acme, "list", """{"limit": 200}""");

        ack.Data!.ShouldContain("TICKET_COMMANDS");
        outcome.Data!.ShouldContain("\"status\":201");
        listed.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("title").GetString()).ShouldContain("By a stream");
    }

    // The server sends the ack of a publish to the subject that the publisher names, and asks nobody whether it may.
    [Theory]
    [InlineData("$JS.API.STREAM.PURGE.TICKET_EVENTS")]
    [InlineData("$JS.API.STREAM.MSG.DELETE.TICKET_EVENTS")]
    [InlineData("$JS.API.STREAM.PURGE.TICKET_DLQ")]
    [InlineData("ticket.commands.globex.create")]
    [InlineData("ticket.created")]
    public async Task an_ack_that_it_steers_elsewhere_does_nothing_there(string victim)
    {
        using var created = await production.Service.CreateAsync(ProductionCluster.Tenant, "Kept");
        await using var operation = production.Connect("operator");
        var jetStream = new NatsJSContext(operation);
        var before = await StateAsync(jetStream);
        await using var acme = production.Connect("acme");
        var handled = await SteeredAsync(acme);

        // The number in the ack is the one before which a purge would remove.
        for (var i = 0; i < Tries; i++)
        {
            await acme.PublishAsync("ticket.commands.acme.create", """{"title": "Steered", "created_by": "mallory"}""", replyTo: victim);
        }

        await Eventually.Async(() => SteeredAsync(acme), count => count == handled + Tries, Limit, "all its commands are handled");
        var after = await StateAsync(jetStream);

        after.First.ShouldBe(before.First);
        after.Removed.ShouldBe(before.Removed);
        (await SubjectsAsync(jetStream, "TICKET_DLQ")).ShouldNotContain(subject => subject.Contains("globex", StringComparison.Ordinal));
        await EveryEventHasItsTenantAsync(jetStream);
    }

    [Fact]
    public async Task an_answer_that_it_steers_elsewhere_stays_in_its_own_account()
    {
        await using var acme = production.Connect("acme");
        await acme.PublishAsync("ticket.api.acme.list", "{}", replyTo: "ticket.commands.globex.create");
        await AskAsync(acme, "list", "{}");

        await using var operation = production.Connect("operator");
        (await SubjectsAsync(new NatsJSContext(operation), "TICKET_DLQ")).ShouldNotContain(subject => subject.Contains("globex", StringComparison.Ordinal));
    }

    private static async Task<JsonElement> AskAsync(NatsConnection acme, string verb, string body)
    {
        var answer = await acme.RequestAsync<string, string>($"ticket.api.acme.{verb}", body, replyOpts: new NatsSubOpts { Timeout = Limit });
        return JsonDocument.Parse(answer.Data!).RootElement;
    }

    private static async Task<int> SteeredAsync(NatsConnection acme) =>
        (await AskAsync(acme, "list", """{"q": "Steered", "limit": 200}""")).GetProperty("tickets").GetArrayLength();

    private static async Task<(ulong First, long Removed)> StateAsync(NatsJSContext jetStream)
    {
        var state = (await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.State;
        return (state.FirstSeq, state.NumDeleted);
    }

    private static async Task<IReadOnlyCollection<string>> SubjectsAsync(NatsJSContext jetStream, string stream)
    {
        var found = await jetStream.GetStreamAsync(stream, new NATS.Client.JetStream.Models.StreamInfoRequest { SubjectsFilter = ">" });
        return [.. found.Info.State.Subjects?.Keys ?? []];
    }

    // An ack among them would have no headers, and nobody would hear it.
    private async Task EveryEventHasItsTenantAsync(NatsJSContext jetStream)
    {
        var events = (int)(await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.State.Messages;
        await using var listener = await EventListener.StartAsync(production.Service, ProductionCluster.Tenant, "0");
        (await listener.WaitAsync(events)).Take(events).Max(heard => int.Parse(heard.EventId!, CultureInfo.InvariantCulture)).ShouldBe(events);
    }
}
