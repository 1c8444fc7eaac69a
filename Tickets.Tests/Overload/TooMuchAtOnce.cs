using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using NatsServers;
using Tickets.Api.Events;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Overload;

/// <summary>More is asked than a process may take at once.</summary>
[Collection(Alone.Name)]
public sealed class TooMuchAtOnce
{
    private const int MostWrites = 20;
    private const int Burst = 200;
    private const string Tenant = "burst";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task who_listens_takes_no_place_of_those_who_read_however_the_address_is_written()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("MAX_READS_IN_FLIGHT", "1"));
        List<HttpResponseMessage> listening = [];
        foreach (var path in (string[])["/api/v1/events", "/api/v1/events/", "/API/v1/Events"])
        {
            listening.Add(await ListenAsync(service, Tenant, path));
        }

        listening.ShouldAllBe(response => response.StatusCode == HttpStatusCode.OK);
        (await service.GetAsync(Tenant, "/api/v1/tickets").WaitAsync(Limit)).StatusCode.ShouldBe(HttpStatusCode.OK);
        listening.ForEach(response => response.Dispose());
    }

    [Fact]
    public async Task whose_client_does_not_read_is_cut_off_and_who_waits_for_its_place_is_told_soon()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("MAX_READS_IN_FLIGHT", "1"));
        var description = new string('é', 20_000);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => service.CreateAsync(Tenant, "Long", description)));
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await silent.ConnectAsync(service.Http.BaseAddress!.Host, service.Http.BaseAddress.Port);
        await silent.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/tickets?limit=200 HTTP/1.1\r\nHost: localhost\r\nX-Tenant-ID: {Tenant}\r\n\r\n"));
        await Eventually.Async(() => Task.FromResult(silent.Available), available => available > 0, Limit, "its answer has begun");

        using var refused = await service.GetAsync("another", "/api/v1/tickets").WaitAsync(TimeSpan.FromSeconds(10));

        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        await Eventually.Async(
            async () => (await service.GetAsync("another", "/api/v1/tickets")).StatusCode,
            status => status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(60),
            "its place is free");
    }

    [Fact]
    public async Task who_has_most_places_of_those_who_listen_gets_no_more_and_another_tenant_does()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        var listening = await Task.WhenAll(Enumerable.Range(0, FeedPlaces.Most * 9 / 10).Select(_ => ListenAsync(service, Tenant)));
        listening.ShouldAllBe(response => response.StatusCode == HttpStatusCode.OK);

        using var refused = await ListenAsync(service, Tenant);
        using var another = await ListenAsync(service, "small");

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        another.StatusCode.ShouldBe(HttpStatusCode.OK);
        Array.ForEach(listening, response => response.Dispose());
    }

    [Fact]
    public async Task the_limit_of_a_tenant_holds_however_the_address_is_written()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("RATE_LIMIT_PER_MINUTE", "1"));

        (await service.GetAsync(Tenant, "/API/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.GetAsync(Tenant, "/Api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task writes_over_the_limit_are_refused_at_once_while_reads_and_health_are_answered()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("MAX_WRITES_IN_FLIGHT", $"{MostWrites}"));
        (await service.CreateAsync(Tenant, "Before")).StatusCode.ShouldBe(HttpStatusCode.Created);
        nats.Suspend();
        var waiting = Enumerable.Range(1, MostWrites).Select(_ => PostAsync(service)).ToArray();
        await Eventually.Async(() => ActivePostsAsync(service), active => active == MostWrites, Limit, "all places are taken");

        var refused = await Task.WhenAll(Enumerable.Range(1, Burst).Select(_ => PostAsync(service)));

        waiting.ShouldAllBe(request => !request.IsCompleted, "whoever is refused does not wait for those who have a place");
        foreach (var response in refused)
        {
            await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
            response.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        }

        (await service.Http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.ListAsync(Tenant)).Count.ShouldBe(1);
        nats.Resume();
        (await Task.WhenAll(waiting)).ShouldAllBe(response => response.StatusCode == HttpStatusCode.Created);
        (await service.ListAsync(Tenant)).Count.ShouldBe(1 + MostWrites);

        // The exporter answers with what it had 300 ms ago.
        await Eventually.Async(
            () => service.Http.GetStringAsync("/metrics"),
            metrics => metrics.Split('\n').Any(line => line.StartsWith("tickets_requests_shed", StringComparison.Ordinal)
                && line.Contains("kind=\"write\"", StringComparison.Ordinal) && line.Contains($"}} {Burst}", StringComparison.Ordinal)),
            Limit,
            "the refused requests are counted");
        using var ready = await service.Http.GetAsync("/health/ready");
        (await ready.JsonAsync()).GetProperty("shed").GetProperty("write").GetInt64().ShouldBe(Burst);
    }

    [Fact]
    public async Task requests_over_nats_have_the_same_limit()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("MAX_WRITES_IN_FLIGHT", "1"));
        await using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={service.DatabasePath};Pooling=false");
        await other.OpenAsync();
        await using var held = await other.BeginTransactionAsync();
        var waiting = service.PostAsync(Tenant, JsonContent.Create(new { title = "First", created_by = "ada" }), ("Prefer", "wait=30"));
        await Eventually.Async(() => ActivePostsAsync(service), active => active == 1, Limit, "the place is taken");

        await using var connection = nats.Connect();
        var refused = await connection.RequestAsync<string, string>($"ticket.api.{Tenant}.create", """{"title": "Second", "created_by": "ada"}""");
        var read = await connection.RequestAsync<string, string>($"ticket.api.{Tenant}.list", "{}");

        refused.Headers!["Nats-Service-Error-Code"].ToString().ShouldBe("503");
        refused.Data!.ShouldContain("overloaded");
        read.Headers!["Status"].ToString().ShouldBe("200");
        await held.RollbackAsync();
        (await waiting).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    // As many as had a place at most were asked for theirs, so whoever came next waited unasked, readers too.
    [Fact]
    public async Task requests_over_nats_above_the_preset_limit_are_refused_and_reads_are_answered()
    {
        const int Above = 50;
        const int Preset = 4096;
        await using var nats = await NatsServer.StartAsync();
        await using var api = await TicketService.StartAsync(nats, ("DATABASE_URL", await SharedPostgreSql.NewDatabaseAsync()), ("TICKETS_ROLE", "api"));
        await using var connection = nats.Connect();

        // Nobody handles them: each has its place until its time is up.
        var writes = Enumerable.Range(0, Preset + Above).Select(_ => AskAsync("create", """{"title": "Burst", "created_by": "ada"}""")).ToArray();
        var first = await await Task.WhenAny(writes);
        var read = await AskAsync("list", "{}");

        first.ShouldBe("503");
        read.ShouldBe("200");
        var statuses = (await Task.WhenAll(writes)).CountBy(status => status).ToDictionary();
        statuses.ShouldBe(new Dictionary<string, int> { ["202"] = Preset, ["503"] = Above }, ignoreOrder: true);

        async Task<string> AskAsync(string verb, string body) => (await connection.RequestAsync<string, string>(
            $"ticket.api.{Tenant}.{verb}", body, replyOpts: new NATS.Client.Core.NatsSubOpts { Timeout = Limit })).Headers!["Status"].ToString();
    }

    private static Task<HttpResponseMessage> ListenAsync(TicketService service, string tenant, string path = "/api/v1/events")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Tenant-ID", tenant } } };
        return service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Limit);
    }

    private static Task<HttpResponseMessage> PostAsync(TicketService service) => service.PostAsync(
        Tenant, JsonContent.Create(new { title = "Burst", created_by = "ada" }), ("Prefer", "wait=30"));

    private static async Task<int> ActivePostsAsync(TicketService service)
    {
        var metrics = await service.Http.GetStringAsync("/metrics");
        var line = metrics.Split('\n').FirstOrDefault(line =>
            line.StartsWith("http_server_active_requests", StringComparison.Ordinal) && line.Contains("\"POST\"", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split("} ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
