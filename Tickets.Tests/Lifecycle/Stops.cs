using System.Net;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Lifecycle;

/// <summary>A service that is told to end.</summary>
[Collection(Alone.Name)]
public sealed class Stops
{
    private const string Tenant = "stops";
    private const int StopSeconds = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // What it could not give back is delivered again after this, which is sooner than the default.
    private static readonly (string Name, string Value) AckWait = ("ACK_WAIT_SECONDS", "10");

    // Its own limit, and what it takes on a busy machine to hear of it and to be gone.
    private static readonly TimeSpan End = TimeSpan.FromSeconds(StopSeconds + 5);

    [Fact]
    public async Task requests_that_are_under_way_get_their_answers_and_new_ones_are_refused()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var other = new SqliteConnection($"Data Source={service.DatabasePath};Pooling=false");
        await other.OpenAsync();
        await using var held = await other.BeginTransactionAsync();
        var posted = Enumerable.Range(1, 20).Select(i => service.PostAsync(
            Tenant, JsonContent.Create(new { title = $"{i}", created_by = "ada" }), ("Prefer", "wait=30"))).ToArray();
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await Eventually.Async(
            async () => (await jetStream.GetConsumerAsync("TICKET_COMMANDS", "ticket-workers")).Info.NumAckPending, taken => taken == 20, Limit, "all are being handled");

        service.Terminate();
        await Eventually.Async(() => service.Output.Contains("Stopping:", StringComparison.Ordinal), Limit, "it stops");
        await Should.ThrowAsync<HttpRequestException>(() => Eventually.Async(
            () => service.CreateAsync(Tenant, "Refused"), response => response.StatusCode != HttpStatusCode.ServiceUnavailable, Limit, "it listens no longer"));
        await held.RollbackAsync();

        (await Task.WhenAll(posted)).ShouldAllBe(response => response.StatusCode == HttpStatusCode.Created);
        (await service.EndAsync(Limit)).ShouldBe(0);
        Stored.Count(service, "tickets").ShouldBe(20);
        (await nats.ReadAsync("TICKET_COMMANDS")).ShouldBeEmpty();
    }

    [Fact]
    public async Task whoever_listens_to_events_does_not_keep_the_process_from_ending()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events") { Headers = { { "X-Tenant-ID", Tenant } } };
        using var listening = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        listening.StatusCode.ShouldBe(HttpStatusCode.OK);

        service.Terminate();

        // The stream comes to its end; it is not cut off.
        await listening.Content.ReadAsStringAsync();
        (await service.EndAsync(Limit)).ShouldBe(0);
        service.Output.ShouldNotContain("Not all was finished");
    }

    [Fact]
    public async Task a_database_that_is_frozen_does_not_keep_the_process_from_ending()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(
            nats, ("DATABASE_URL", database.UrlOf(await database.CreateDatabaseAsync())), ("STOP_TIMEOUT_SECONDS", $"{StopSeconds}"), ("ACK_WAIT_SECONDS", "600"));
        database.Suspend();
        await PublishAsync(nats, 500);
        var posted = service.PostAsync(Tenant, JsonContent.Create(new { title = "Posted", created_by = "ada" }), ("Prefer", "wait=30"));
        await BeingHandledAsync(nats);

        service.Terminate();

        (await service.EndAsync(End)).ShouldBe(0);
        await Task.WhenAny(posted);
        database.Resume();
        await service.StartAgainAsync();
        await AllIsDoneAsync(nats);
        Stored.Count(service, "tickets").ShouldBeInRange(500, 501);
        (await nats.ReadAsync("TICKET_DLQ")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_nats_that_is_frozen_does_not_keep_the_process_from_ending()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("STOP_TIMEOUT_SECONDS", $"{StopSeconds}"), AckWait);
        await PublishAsync(nats, 2000);
        await Eventually.Async(() => Stored.Count(service, "tickets") > 50, Limit, "work is in flight");
        nats.Suspend();

        service.Terminate();

        (await service.EndAsync(End)).ShouldBe(0);
        nats.Resume();
        await service.StartAgainAsync();
        await AllIsDoneAsync(nats);
        Stored.Count(service, "tickets").ShouldBe(2000);
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "the outbox is empty");
        (await nats.ReadAsync("TICKET_EVENTS")).Where(e => e.Subject == "ticket.created").Select(e => e.Header("ce-id")).Distinct().Count().ShouldBe(2000);
    }

    private static async Task PublishAsync(NatsServer nats, int count)
    {
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        var acks = await Task.WhenAll(Enumerable.Range(1, count).Select(async i => await jetStream.PublishAsync(
            $"ticket.commands.{Tenant}.create", $$"""{"title": "{{i}}", "created_by": "load"}""")));
        acks.ShouldAllBe(ack => ack.Error == null);
    }

    private static async Task BeingHandledAsync(NatsServer nats)
    {
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await Eventually.Async(
            async () => (await jetStream.GetConsumerAsync("TICKET_COMMANDS", "ticket-workers")).Info.NumAckPending, taken => taken > 256, Limit, "work is in flight");
    }

    private static async Task AllIsDoneAsync(NatsServer nats)
    {
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await Eventually.Async(
            async () => (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.Messages, left => left == 0, Limit, "the next process does the rest");
    }
}
