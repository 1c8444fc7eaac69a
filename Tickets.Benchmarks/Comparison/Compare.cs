using System.Globalization;
using System.Net;
using NatsServers;

namespace Tickets.Benchmarks.Comparison;

/// <summary>
/// The service beside what it is compared with on the same machine, each with a nats-server and a database of its own; in turns, since the
/// machine gives more in one second than in another. The ratios count; the rates are this machine's.
/// </summary>
internal sealed class Compare(Storage storage, int count)
{
    private static readonly (string Name, string Value) CommandsAlone = ("TICKETS_ROLE", "commands");
    private static readonly (string Name, string Value) ApiAndCommands = ("TICKETS_ROLE", "api,commands");
    private static readonly (string Name, string Value) ApiAlone = ("TICKETS_ROLE", "api");

    /// <param name="count">How many commands and requests.</param>
    /// <param name="part"><c>drain</c> or <c>requests</c>; null for both.</param>
    public static async Task RunAsync(int count, string? part)
    {
        Console.WriteLine($"{count:N0} commands, each with three events, after three times as many for a drain and 25 s for requests; {Environment.ProcessorCount} cores for load, service, nats-server and database\n");
        await using var postgreSql = await PostgreSqlServer.StartAsync();
        foreach (var server in new[] { null, postgreSql })
        {
            using var storage = new Storage(server);
            var compare = new Compare(storage, count);
            Console.WriteLine($"## {storage}\n\n| measure | result |\n|---|---|");
            if (part is null or "drain")
            {
                await compare.DrainsAsync();
            }

            if (part is null or "requests")
            {
                await compare.RequestsAsync();
            }

            Console.WriteLine();
        }
    }

    private async Task DrainsAsync()
    {
        var limit = await LimitAsync();
        Row("limit: the drivers alone write and publish", $"{limit:N0}/s");
        var before = await DrainAsync(CommandsAlone);
        var stock = await DrainAsync(CommandsAlone, ("STOCK_DESIGN", "true"));
        var gathered = await DrainAsync(CommandsAlone, ("STOCK_DESIGN", "gathered"));
        var after = await DrainAsync(CommandsAlone);
        var (drain, first) = (Mean(before.Rate, after.Rate), Mean(before.First, after.First));
        Row("drain, stock design: the first, and those after them", $"{stock.First:N0}/s, {stock.Rate:N0}/s");
        Row("drain, stock design with gathered deletes", $"{gathered.First:N0}/s, {gathered.Rate:N0}/s");
        Row("drain, before and after them", $"{before.First:N0}/s, {before.Rate:N0}/s; {after.First:N0}/s, {after.Rate:N0}/s");
        Row("drain / stock design", $"{Ratio(first, stock.First)}, {Ratio(drain, stock.Rate)}");
        Row("drain / stock design with gathered deletes", $"{Ratio(first, gathered.First)}, {Ratio(drain, gathered.Rate)}");
        Row("drain / limit", $"{Ratio(first, limit)}, {Ratio(drain, limit)}");
        var delivered = await DrainAsync();
        Row("drain with its notifications delivered too", $"{delivered.First:N0}/s, {delivered.Rate:N0}/s");
    }

    private async Task RequestsAsync()
    {
        await BesideAsync("201, hand-written without outbox", "tickets", "201", HttpStatusCode.Created, preference: null, ApiAndCommands);
        if (storage.IsShared)
        {
            await BesideAsync("202, bare POST and publish", "commands", "202, handled elsewhere (TICKETS_ROLE=api)", HttpStatusCode.Accepted, "respond-async", ApiAlone);
        }

        await AloneAsync("201 with its notifications delivered too", HttpStatusCode.Created);
        await AloneAsync("202, while the same process handles it", HttpStatusCode.Accepted, "respond-async");
    }

    private async Task BesideAsync(
        string theirs, string path, string ours, HttpStatusCode expected, string? preference, params (string Name, string Value)[] settings)
    {
        await using var nats = await NatsServer.StartAsync();
        await using var othersNats = await NatsServer.StartAsync();
        var (written, writtenUrl) = await HandWrittenAsync(othersNats, path);
        using var other = written;
        var (service, serviceUrl) = await ServiceAsync(nats, settings);
        using var own = service;
        using var othersTarget = new HttpTarget(writtenUrl, expected);
        using var ownTarget = new HttpTarget(serviceUrl, expected, preference);
        var measured = await HttpMeasure.InTurnAsync(count, othersTarget, ownTarget);
        Row(theirs, $"{measured[0]}");
        Row(ours, $"{measured[1]}");
        Row($"{ours} / {theirs}", $"{Ratio(measured[1].Rate, measured[0].Rate)}, p99 {Ratio(measured[1].P99, measured[0].P99)}");
    }

    private async Task AloneAsync(string name, HttpStatusCode expected, string? preference = null)
    {
        await using var nats = await NatsServer.StartAsync();
        var (service, url) = await ServiceAsync(nats);
        using var running = service;
        using var target = new HttpTarget(url, expected, preference);
        Row(name, $"{(await HttpMeasure.InTurnAsync(count, target))[0]}");
    }

    private async Task<double> LimitAsync()
    {
        await using var nats = await NatsServer.StartAsync();
        var bare = await storage.BareAsync();
        await using IBareRows rows = bare.StartsWith("Host=", StringComparison.Ordinal) ? await PostgreSqlRows.OpenAsync(bare) : new SqliteRows(bare);
        return await BareLimit.MeasureAsync(rows, nats.Url, count);
    }

    private async Task<(double Rate, double First)> DrainAsync(params (string Name, string Value)[] settings)
    {
        await using var nats = await NatsServer.StartAsync();
        var (rate, first, _) = await TicketsProgram.DrainAsync(nats, await storage.UrlAsync(), count, tenants: 1, settings);
        return (rate, first);
    }

    private async Task<(ChildProcess Service, string Url)> HandWrittenAsync(NatsServer nats, string path)
    {
        var port = FreePort.Next();
        var service = ChildProcess.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Tickets.Benchmarks.dll"), "hand-written", nats.Url, await storage.BareAsync(),
                port.ToString(CultureInfo.InvariantCulture),
            ]);
        await TicketsProgram.IsReadyAsync(service, port);
        return (service, $"http://127.0.0.1:{port}/{path}");
    }

    private async Task<(ChildProcess Service, string Url)> ServiceAsync(NatsServer nats, params (string Name, string Value)[] settings)
    {
        var (service, port) = await TicketsProgram.RunAsync(nats, await storage.UrlAsync(), settings);
        return (service, $"http://127.0.0.1:{port}/api/v1/tickets");
    }

    private static void Row(string measure, string result) => Console.WriteLine($"| {measure} | {result} |");

    // The rate of both together, as if they were one run.
    private static double Mean(double one, double other) => 2 / ((1 / one) + (1 / other));

    private static string Ratio(double ours, double theirs) => string.Create(CultureInfo.InvariantCulture, $"{ours / theirs:F2}");
}
