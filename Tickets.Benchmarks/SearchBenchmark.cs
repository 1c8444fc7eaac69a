using System.Diagnostics;
using NatsServers;

namespace Tickets.Benchmarks;

/// <summary>How long lists, filters and searches take, one request after another.</summary>
internal static class SearchBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string[] Queries =
    [
        "", "sort=updated_at", "sort=-priority", "sort=number", "sort=-due_at", "limit=200",
        "status=open", "status=closed", "status=closed&sort=due_at", "priority=critical&sort=-updated_at",
        "assignee=agent1", "assignee=rare", "assignee=rare&sort=priority", "created_by=user7&sort=due_at",
        "tag=common", "tag=tag5&sort=-updated_at", "tag=common&tag=tag5",
        "status=open&priority=low", "status=closed&assignee=agent1", "status=resolved&created_by=user30&tag=common",
        "created_after=2026-01-01T20:00:00Z&created_before=2026-01-01T20:10:00Z", "created_before=2026-01-02T00:00:00Z&sort=updated_at",
        "updated_after=2026-01-10T00:00:00Z", "updated_before=2026-01-01T01:00:00Z&sort=number",
        "q=unique", "q=thousandth", "q=half", "q=everything", "q=everything%20half&sort=priority", "q=everything&sort=due_at",
        "q=thousandth&sort=-updated_at", "q=half&status=closed", "q=half&assignee=agent1&sort=-due_at", "q=nothing",
    ];

    public static async Task RunAsync(int tickets, int requests)
    {
        await using var postgreSql = await PostgreSqlServer.StartAsync();
        foreach (var server in new[] { null, postgreSql })
        {
            using var storage = new Storage(server);
            await RunAsync(storage, tickets, requests);
        }
    }

    private static async Task RunAsync(Storage storage, int tickets, int requests)
    {
        var url = await storage.UrlAsync();
        await using var nats = await NatsServer.StartAsync();
        await TicketsProgram.SetupAsync(nats, url);
        var writing = Stopwatch.StartNew();
        await new ManyTickets(tenants: 1).WriteAsync(url, tickets);
        Console.WriteLine(
            $"\n## {storage}\n\n{tickets:N0} tickets of one tenant, stored in {writing.Elapsed.TotalSeconds:N1} s; {requests} requests each over HTTP on loopback\n");

        var (service, port) = await TicketsProgram.RunAsync(nats, url);
        using var running = service;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Add("X-Tenant-ID", ManyTickets.Tenant);

        Console.WriteLine("| query | tickets | p50 ms | p99 ms |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var query in Queries)
        {
            Console.WriteLine(await MeasureAsync(http, query, requests));
        }

        await service.TerminateAsync(Limit);
    }

    private static async Task<string> MeasureAsync(HttpClient http, string query, int requests)
    {
        var times = new double[requests];
        var found = 0;
        for (var i = -requests / 10; i < requests; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var body = await http.GetStringAsync($"/api/v1/tickets?{query}");
            if (i >= 0)
            {
                times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }

            found = body.Split("\"version\":").Length - 1;
        }

        Array.Sort(times);
        return $"| `{query}` | {found} | {times[requests / 2]:F1} | {times[requests * 99 / 100]:F1} |";
    }
}
