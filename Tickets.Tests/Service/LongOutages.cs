using System.Net;
using System.Text.Json;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>A database that is away for longer than anything in the process waits by default.</summary>
public sealed class LongOutages : IAsyncLifetime
{
    private const string Tenant = "patient";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // A handler has a minute unless it is told otherwise.
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(70);

    private PostgreSqlServer _database = null!;
    private NatsServer _nats = null!;
    private TicketService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgreSqlServer.StartAsync();
        _nats = await NatsServer.StartAsync();

        // On a machine that is busy, a lease that is renewed too late would be a delivery more.
        _service = await TicketService.StartAsync(
            _nats, ("DATABASE_URL", _database.UrlOf(await _database.CreateDatabaseAsync())), ("ACK_WAIT_SECONDS", "120"));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _nats.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task every_command_is_waited_for_in_place()
    {
        var ticket = await TicketAsync();
        await _database.KillAsync();
        await PublishAsync(ticket);

        await Task.Delay(Outage, TestContext.Current.CancellationToken);
        (await ConsumerAsync()).Delivered.ConsumerSeq.ShouldBe(6UL, "none of them was delivered again");
        _service.Output.Split("The database can't be read for what is being handled").Length.ShouldBe(2, "it is told of once");
        await _database.StartAgainAsync();

        await DoneAsync(ticket);
        await _service.SaysAsync("The database can be read again");
        _service.Output.ShouldNotContain("Failed to process message Tickets.");
    }

    [Fact]
    public async Task a_process_that_stops_meanwhile_gives_them_back()
    {
        var ticket = await TicketAsync();
        await _database.KillAsync();
        await PublishAsync(ticket);
        await Eventually.Async(async () => (await ConsumerAsync()).NumAckPending, taken => taken == 5, Limit, "all are being handled");

        _service.Terminate();
        (await _service.EndAsync(Limit)).ShouldBe(0);

        _service.Output.ShouldNotContain("Not all was finished");
        await _database.StartAgainAsync();
        await _service.StartAgainAsync();
        await DoneAsync(ticket);
    }

    private async Task<string> TicketAsync()
    {
        using var created = await _service.CreateAsync(Tenant, "Before");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await created.JsonAsync()).GetProperty("id").GetString()!;
    }

    // The first waits in its group, those after it for theirs, and the last for its ticket.
    private async Task PublishAsync(string ticket)
    {
        await using var connection = _nats.Connect();
        var jetStream = new NatsJSContext(connection);
        foreach (var number in Enumerable.Range(1, 4))
        {
            (await jetStream.PublishAsync($"ticket.commands.{Tenant}.create", $$"""{"title": "{{number}}", "created_by": "ada"}""")).EnsureSuccess();
        }

        (await jetStream.PublishAsync($"ticket.commands.{Tenant}.update", $$"""{"ticket_id": "{{ticket}}", "title": "After"}""")).EnsureSuccess();
    }

    private async Task<NATS.Client.JetStream.Models.ConsumerInfo> ConsumerAsync()
    {
        await using var connection = _nats.Connect();
        return (await new NatsJSContext(connection).GetConsumerAsync("TICKET_COMMANDS", "ticket-workers")).Info;
    }

    private async Task DoneAsync(string ticket)
    {
        await Eventually.Async(
            async () => (await _nats.ReadAsync("TICKET_COMMANDS")).Count, left => left == 0, Limit, "all is handled");
        (await _service.ListAsync(Tenant)).Select(TitleOf).Order().ShouldBe(["1", "2", "3", "4", "After"]);
        using var changed = await _service.GetAsync(Tenant, $"/api/v1/tickets/{ticket}");
        (await changed.JsonAsync()).GetProperty("version").GetInt32().ShouldBe(2);
        (await _nats.ReadAsync("TICKET_DLQ")).ShouldBeEmpty();
    }

    private static string? TitleOf(JsonElement ticket) => ticket.GetProperty("title").GetString();
}
