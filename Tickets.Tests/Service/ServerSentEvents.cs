using System.Net;
using System.Text.Json;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class ServerSentEvents(RunningService running) : IClassFixture<RunningService>
{
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_tenant_hears_its_own_events_live()
    {
        await using var listener = await EventListener.StartAsync(_service, _tenant);
        using var others = await _service.CreateAsync(RunningService.NewTenant(), "Not mine");
        using var created = await _service.CreateAsync(_tenant, "Mine");

        var heard = await listener.WaitAsync(2);

        heard.Select(item => item.EventType).Order().ShouldBe(["audit.recorded", "ticket.created"]);
        heard.ShouldAllBe(item => item.Data.Contains("Mine"));
        heard.Select(item => long.Parse(item.EventId!)).ShouldBeInOrder();
    }

    [Fact]
    public async Task who_comes_back_hears_what_it_missed_and_nothing_twice()
    {
        using var first = await _service.CreateAsync(_tenant, "1");
        await running.Nats.EventsAsync(_tenant, "ticket.created", "audit.recorded");
        string last;
        await using (var listener = await EventListener.StartAsync(_service, _tenant, lastEventId: "0"))
        {
            last = (await listener.WaitAsync(2))[1].EventId!;
        }

        using var second = await _service.CreateAsync(_tenant, "2");
        await using var again = await EventListener.StartAsync(_service, _tenant, last);
        using var third = await _service.CreateAsync(_tenant, "3");

        var titles = (await again.WaitAsync(4)).Where(item => item.EventType == "ticket.created")
            .Select(item => JsonDocument.Parse(item.Data).RootElement.GetProperty("ticket").GetProperty("title").GetString());
        titles.ShouldBe(["2", "3"]);
        again.Heard.Select(item => item.EventId).ShouldBeUnique();
    }

    [Fact]
    public async Task who_comes_back_before_it_has_heard_anything_misses_nothing_either()
    {
        string last;
        await using (var listener = await EventListener.StartAsync(_service, _tenant))
        {
            last = await Eventually.Async(() => Task.FromResult(listener.LastEventId), id => id.Length > 0, TimeSpan.FromSeconds(20), "it is told where it stands");
        }

        using var meanwhile = await _service.CreateAsync(_tenant, "Meanwhile");
        await running.Nats.EventsAsync(_tenant, "ticket.created", "audit.recorded");
        await using var again = await EventListener.StartAsync(_service, _tenant, last);

        (await again.WaitAsync(2)).ShouldAllBe(item => item.Data.Contains("Meanwhile"));
    }

    // As after a restoration: the stream that it has heard went further than this one.
    [Fact]
    public async Task who_comes_back_from_a_stream_that_is_gone_hears_all_of_this_one()
    {
        using var first = await _service.CreateAsync(_tenant, "First");
        await running.Nats.EventsAsync(_tenant, "ticket.created", "audit.recorded");
        await using var listener = await EventListener.StartAsync(_service, _tenant, lastEventId: $"{ulong.MaxValue}");
        using var second = await _service.CreateAsync(_tenant, "Second");

        var titles = (await listener.WaitAsync(4)).Where(item => item.EventType == "ticket.created")
            .Select(item => JsonDocument.Parse(item.Data).RootElement.GetProperty("ticket").GetProperty("title").GetString());

        titles.ShouldBe(["First", "Second"]);
    }

    [Fact]
    public async Task who_joins_while_others_listen_misses_nothing()
    {
        await using var before = await EventListener.StartAsync(_service, _tenant);
        using var enough = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(1, 16).Select(_ => WriteAsync(enough.Token)));
        await before.WaitAsync(2);
        List<(string After, EventListener Listener)> joined = [];
        foreach (var _ in Enumerable.Range(1, 10))
        {
            var after = before.Heard[^1].EventId!;
            joined.AddRange(await Task.WhenAll(Enumerable.Range(1, 12).Select(async _ => (after, await EventListener.StartAsync(_service, _tenant, after)))));
        }

        await enough.CancelAsync();
        await writing;
        using var end = await _service.CreateAsync(_tenant, "The end");
        await Eventually.Async(
            () => before.Heard.Count(item => item.Data.Contains("The end", StringComparison.Ordinal)) == 2, TimeSpan.FromSeconds(20), "all is heard");
        var all = before.Heard.Select(item => item.EventId).ToArray();
        foreach (var (after, listener) in joined)
        {
            await Eventually.Async(() => listener.Heard is [.., var last] && last.EventId == all[^1], TimeSpan.FromSeconds(20), "it hears the last");
            listener.Heard.Select(item => item.EventId).ShouldBe(all[(Array.IndexOf(all, after) + 1)..]);
            await listener.DisposeAsync();
        }
    }

    [Fact]
    public async Task an_id_that_is_none_is_refused()
    {
        using var refused = await _service.SendAsync(HttpMethod.Get, _tenant, "/api/v1/events", null, ("Last-Event-ID", "yesterday"));

        await refused.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task the_events_go_on_when_nats_comes_back()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var listener = await EventListener.StartAsync(service, _tenant);
        using var before = await service.CreateAsync(_tenant, "Before");
        await listener.WaitAsync(2);

        await nats.RestartAsync();
        await Eventually.Async(
            async () => (await service.CreateAsync(_tenant, "After")).StatusCode,
            status => status == HttpStatusCode.Created,
            TimeSpan.FromSeconds(20),
            "a ticket is created again");

        (await listener.WaitAsync(4)).Select(item => item.EventId).ShouldBeUnique();
    }

    [Fact]
    public async Task the_events_go_on_when_their_stream_was_made_anew()
    {
        const int before = 50;
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await Task.WhenAll(Enumerable.Range(0, before).Select(_ => service.CreateAsync(_tenant, "Before")));
        await Eventually.Async(async () => (await nats.ReadAsync("TICKET_EVENTS")).Count, count => count == 2 * before, TimeSpan.FromSeconds(20), "all events are there");
        await using var listener = await EventListener.StartAsync(service, _tenant);
        using var last = await service.CreateAsync(_tenant, "Last");
        await listener.WaitAsync(2);

        await using var connection = nats.Connect();
        await new NatsJSContext(connection).DeleteStreamAsync("TICKET_EVENTS");

        // One a second: the new stream must not come as far as the old one was.
        await Eventually.Async(
            async () =>
            {
                using var created = await service.CreateAsync(_tenant, "After");
                await Task.Delay(TimeSpan.FromSeconds(1));
                return listener.Heard.FirstOrDefault(item => item.Data.Contains("After", StringComparison.Ordinal)).EventId;
            },
            id => id is not null && long.Parse(id) < 2 * before,
            TimeSpan.FromSeconds(20),
            "events of the new stream are heard");
    }

    [Fact]
    public async Task none_is_missed_of_a_stream_that_was_made_anew_and_has_come_further_than_the_old_one()
    {
        const int after = 30;
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var listener = await EventListener.StartAsync(service, _tenant);
        using var before = await service.CreateAsync(_tenant, "Before");
        await listener.WaitAsync(2);

        await using var connection = nats.Connect();
        await new NatsJSContext(connection).DeleteStreamAsync("TICKET_EVENTS");
        await Task.WhenAll(Enumerable.Range(0, after).Select(_ => service.CreateAsync(_tenant, "After")));

        (await listener.WaitAsync(2 + (2 * after))).Count(item => item.Data.Contains("After", StringComparison.Ordinal)).ShouldBe(2 * after);
    }

    // All that it missed has left the stream: there is nothing to wait for.
    [Fact]
    public async Task who_comes_back_to_an_emptied_stream_does_not_keep_the_process_from_stopping()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        using var created = await service.CreateAsync(_tenant, "Printer");
        await nats.EventsAsync(_tenant, "ticket.created", "audit.recorded");
        await using var connection = nats.Connect();
        await new NatsJSContext(connection).PurgeStreamAsync("TICKET_EVENTS", new StreamPurgeRequest());
        await using var listener = await EventListener.StartAsync(service, _tenant, lastEventId: "1");

        service.Terminate();

        await listener.EndAsync();
        await service.EndAsync(TimeSpan.FromSeconds(10));
    }

    private async Task WriteAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using var created = await _service.CreateAsync(_tenant, "One of many");
        }
    }
}
