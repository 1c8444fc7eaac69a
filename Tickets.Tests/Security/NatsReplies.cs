using NATS.Client.Core;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>Where the service publishes its answers, whoever asks: on a server that forbids nothing.</summary>
public sealed class NatsReplies(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_request_whose_answer_would_be_a_command_of_another_tenant_is_dropped()
    {
        var victim = RunningService.NewTenant();
        await using var connection = running.Nats.Connect();

        await connection.PublishAsync($"ticket.api.{_tenant}.list", "{}", replyTo: $"ticket.commands.{victim}.create");

        await Eventually.Async(
            () => running.Service.Output.Contains($"its answer would go to ticket.commands.{victim}.create, which is no inbox", StringComparison.Ordinal), Limit, "the log tells of it");
        (await running.Nats.ReadAsync("TICKET_DLQ")).ShouldNotContain(message => message.Subject.Contains(victim, StringComparison.Ordinal));
    }

    // A purge is asked for in JSON, of which the server reads what it knows.
    [Fact]
    public async Task a_request_whose_answer_would_be_one_to_jetstream_is_dropped()
    {
        const string Purge = "$JS.API.STREAM.PURGE.TICKET_EVENTS";
        await using var connection = running.Nats.Connect();
        using var created = await running.Service.CreateAsync(_tenant, "Its event is kept");
        await running.Nats.EventsAsync(_tenant, "ticket.created", "audit.recorded");

        await connection.PublishAsync($"ticket.api.{_tenant}.list", "{}", replyTo: Purge);

        await Eventually.Async(
            () => running.Service.Output.Contains($"its answer would go to {Purge}, which is no inbox", StringComparison.Ordinal), Limit, "the log tells of it");
        (await running.Nats.EventsAsync(_tenant, "ticket.created", "audit.recorded")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task a_request_whose_answer_would_go_to_more_than_255_characters_is_dropped()
    {
        await using var connection = running.Nats.Connect();
        var inbox = $"_INBOX.{_tenant}.".PadRight(256, 'a');

        await connection.PublishAsync($"ticket.api.{_tenant}.list", "{}", replyTo: inbox);

        await Eventually.Async(
            () => running.Service.Output.Contains($"its answer would go to {inbox}, which is no inbox", StringComparison.Ordinal), Limit, "the log tells of it");
    }

    [Theory]
    [InlineData("$JS.API.STREAM.PURGE.TICKET_EVENTS")]
    [InlineData("$JS.API.STREAM.MSG.DELETE.TICKET_EVENTS")]
    [InlineData("ticket.created")]
    [InlineData("_INBOX.*")]
    [InlineData("_INBOX.>")]
    [InlineData("_INBOX")]
    public async Task no_outcome_goes_to_what_is_no_inbox(string victim)
    {
        await using var connection = running.Nats.Connect();
        await using var heard = await connection.SubscribeCoreAsync<string>(victim);
        await using var own = await connection.SubscribeCoreAsync<string>($"_INBOX.own.{_tenant}");

        await SendAsync(connection, victim);
        await Eventually.Async(async () => (await running.Service.ListAsync(_tenant)).Count, count => count == 1, Limit, "the first is handled");
        await SendAsync(connection, $"_INBOX.own.{_tenant}");
        await own.Msgs.ReadAsync().AsTask().WaitAsync(Limit);

        // Events pass by there as well.
        List<string?> outcomes = [];
        while (heard.Msgs.TryRead(out var message))
        {
            outcomes.Add(message.Subject == $"_INBOX.own.{_tenant}" ? null : message.Data);
        }

        outcomes.ShouldNotContain(data => data != null && data.Contains("\"status\":201", StringComparison.Ordinal));
    }

    [Fact]
    public async Task no_outcome_goes_to_the_inbox_of_another_tenant()
    {
        var victim = RunningService.NewTenant();
        await using var connection = running.Nats.Connect();
        await using var victims = await connection.SubscribeCoreAsync<string>($"_INBOX.tenant.{victim}.>");
        await using var own = await connection.SubscribeCoreAsync<string>($"_INBOX.tenant.{_tenant}.>");

        await SendAsync(connection, $"_INBOX.tenant.{victim}.1");
        await Eventually.Async(async () => (await running.Service.ListAsync(_tenant)).Count, count => count == 1, Limit, "the first is handled");
        await SendAsync(connection, $"_INBOX.tenant.{_tenant}.1");

        (await own.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Data!.ShouldContain("\"status\":201");
        victims.Msgs.TryRead(out _).ShouldBeFalse();
    }

    private async Task SendAsync(NatsConnection connection, string replyTo) => await connection.PublishAsync(
        $"ticket.commands.{_tenant}.create", """{"title": "Whose answer?", "created_by": "bob"}""", headers: new NatsHeaders { ["Reply-To"] = replyTo });
}
