using System.Globalization;
using System.Net;
using NatsServers;

namespace Tickets.Benchmarks.Comparison;

/// <summary>
/// The service beside what it is compared with, one after another on the same machine, each with a nats-server and a database
/// of its own. The ratios count; the rates are this machine's.
/// </summary>
internal sealed class Compare(Storage storage, int count)
{
    private static readonly (string Name, string Value) CommandsAlone = ("TICKETS_ROLE", "commands");
    private static readonly (string Name, string Value) ApiAndCommands = ("TICKETS_ROLE", "api,commands");

    public static async Task RunAsync(int count)
    {
        Console.WriteLine($"{count:N0} commands, each with three events, after as many for a drain, 15 s for requests; {Environment.ProcessorCount} cores for load, service, nats-server and database\n");
        await using var postgreSql = await PostgreSqlServer.StartAsync();
        foreach (var server in new[] { null, postgreSql })
        {
            using var storage = new Storage(server);
            await new Compare(storage, count).RunAsync();
        }
    }

    private async Task RunAsync()
    {
        Console.WriteLine($"## {storage}\n\n| measure | result |\n|---|---|");
        var limit = await LimitAsync();
        Row("limit: the drivers alone write and publish", $"{limit:N0}/s");
        await DrainsAsync("drain", limit, CommandsAlone);
        await DrainsAsync("drain with its notifications delivered too", limit);
        var (written, bare) = await HandWrittenAsync();
        Row("201, hand-written without outbox", $"{written}");
        Row("202, bare POST and publish", $"{bare}");
        var created = await ServiceAsync(HttpStatusCode.Created, preference: null, ApiAndCommands);
        Row("201", $"{created}");
        var delivered = await ServiceAsync(HttpStatusCode.Created, preference: null);
        Row("201 with its notifications delivered too", $"{delivered}");
        var accepted = await ServiceAsync(HttpStatusCode.Accepted, "respond-async");
        Row("202", $"{accepted}");
        Row("201 / hand-written", $"{Ratio(created.Rate, written.Rate)}, p99 {Ratio(created.P99, written.P99)}");
        Row("201 with its notifications delivered too / hand-written", $"{Ratio(delivered.Rate, written.Rate)}, p99 {Ratio(delivered.P99, written.P99)}");
        Row("202 / bare POST and publish", Ratio(accepted.Rate, bare.Rate));
        if (storage.IsShared)
        {
            var elsewhere = await ServiceAsync(HttpStatusCode.Accepted, "respond-async", ("TICKETS_ROLE", "api"));
            Row("202, handled elsewhere (TICKETS_ROLE=api)", $"{elsewhere}");
            Row("202, handled elsewhere / bare POST and publish", Ratio(elsewhere.Rate, bare.Rate));
        }

        Console.WriteLine();
    }

    private async Task DrainsAsync(string name, double limit, params (string Name, string Value)[] settings)
    {
        var (stock, firstOfStock) = await DrainAsync(stock: true, settings);
        var (drain, first) = await DrainAsync(stock: false, settings);
        Row($"{name}, stock design: the first, and as many after them", $"{firstOfStock:N0}/s, {stock:N0}/s");
        Row($"{name}: the first, and as many after them", $"{first:N0}/s, {drain:N0}/s");
        Row($"{name} / stock design", $"{Ratio(first, firstOfStock)}, {Ratio(drain, stock)}");
        Row($"{name} / limit", $"{Ratio(first, limit)}, {Ratio(drain, limit)}");
    }

    private async Task<double> LimitAsync()
    {
        await using var nats = await NatsServer.StartAsync();
        var bare = await storage.BareAsync();
        await using IBareRows rows = bare.StartsWith("Host=", StringComparison.Ordinal) ? await PostgreSqlRows.OpenAsync(bare) : new SqliteRows(bare);
        return await BareLimit.MeasureAsync(rows, nats.Url, count);
    }

    private async Task<(double Rate, double First)> DrainAsync(bool stock, params (string Name, string Value)[] settings)
    {
        await using var nats = await NatsServer.StartAsync();
        var (rate, first, _) = await TicketsProgram.DrainAsync(
            nats, await storage.UrlAsync(), count, tenants: 1, [.. settings, ("STOCK_DESIGN", stock ? "true" : "false")]);
        return (rate, first);
    }

    private async Task<(HttpMeasure Created, HttpMeasure Accepted)> HandWrittenAsync()
    {
        await using var nats = await NatsServer.StartAsync();
        var port = FreePort.Next();
        using var service = ChildProcess.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Tickets.Benchmarks.dll"), "hand-written", nats.Url, await storage.BareAsync(),
                port.ToString(CultureInfo.InvariantCulture),
            ]);
        await TicketsProgram.IsReadyAsync(service, port);
        return (
            await HttpMeasure.OfAsync($"http://127.0.0.1:{port}/tickets", HttpStatusCode.Created, count),
            await HttpMeasure.OfAsync($"http://127.0.0.1:{port}/commands", HttpStatusCode.Accepted, count));
    }

    private async Task<HttpMeasure> ServiceAsync(
        HttpStatusCode expected, string? preference, params (string Name, string Value)[] settings)
    {
        await using var nats = await NatsServer.StartAsync();
        var (service, port) = await TicketsProgram.RunAsync(nats, await storage.UrlAsync(), settings);
        using var running = service;
        return await HttpMeasure.OfAsync($"http://127.0.0.1:{port}/api/v1/tickets", expected, count, preference);
    }

    private static void Row(string measure, string result) => Console.WriteLine($"| {measure} | {result} |");

    private static string Ratio(double ours, double theirs) => string.Create(CultureInfo.InvariantCulture, $"{ours / theirs:F2}");
}
