using System.Globalization;
using System.Net;
using System.Text.Json;
using NatsServers;

namespace Tickets.Benchmarks.Comparison;

/// <summary>
/// The service beside what it is compared with, one after another on the same machine, each with a nats-server and a database
/// of its own. The ratios count; the rates are this machine's.
/// </summary>
internal sealed class Compare(Storage storage, int count)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(int count)
    {
        Console.WriteLine($"{count:N0} commands, each with three events; {Environment.ProcessorCount} cores for load, service, nats-server and database\n");
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
        var stock = await DrainAsync(stock: true);
        Row("drain, stock design", $"{stock:N0}/s");
        var drain = await DrainAsync(stock: false);
        Row("drain", $"{drain:N0}/s");
        Row("drain / stock design", Ratio(drain, stock));
        Row("drain / limit", Ratio(drain, limit));

        var (written, bare) = await HandWrittenAsync();
        Row("201, hand-written without outbox", $"{written}");
        Row("202, bare POST and publish", $"{bare}");
        var created = await ServiceAsync(HttpStatusCode.Created, preference: null);
        Row("201", $"{created}");
        var accepted = await ServiceAsync(HttpStatusCode.Accepted, "respond-async");
        Row("202", $"{accepted}");
        Row("201 / hand-written", $"{Ratio(created.Rate, written.Rate)}, p99 {Ratio(created.P99, written.P99)}");
        Row("202 / bare POST and publish", $"{Ratio(accepted.Rate, bare.Rate)}\n");
    }

    private async Task<double> LimitAsync()
    {
        await using var nats = await NatsServer.StartAsync();
        var bare = await storage.BareAsync();
        await using IBareRows rows = bare.StartsWith("Host=", StringComparison.Ordinal) ? await PostgreSqlRows.OpenAsync(bare) : new SqliteRows(bare);
        return await BareLimit.MeasureAsync(rows, nats.Url, count);
    }

    private async Task<double> DrainAsync(bool stock)
    {
        await using var nats = await NatsServer.StartAsync();
        using var bench = Program(
            "Tickets.Api.dll",
            ["bench", "drain", "--count", Text(count), "--json"],
            new() { ["NATS_URL"] = nats.Url, ["DATABASE_URL"] = await storage.UrlAsync(), ["STOCK_DESIGN"] = stock ? "true" : "false", ["LOG_LEVEL"] = "warn" });
        await bench.WaitForExitAsync(Limit);
        return bench.ExitCode == 0
            ? JsonDocument.Parse(bench.Output.Split('\n').Single(line => line.StartsWith("{\"workload\"", StringComparison.Ordinal))).RootElement.GetProperty("rate").GetDouble()
            : throw new InvalidOperationException($"The drain found faults:\n{bench.Output}");
    }

    private async Task<(HttpMeasure Created, HttpMeasure Accepted)> HandWrittenAsync()
    {
        await using var nats = await NatsServer.StartAsync();
        var port = FreePort.Next();
        using var service = Program("Tickets.Benchmarks.dll", ["hand-written", nats.Url, await storage.BareAsync(), Text(port)], []);
        await IsReadyAsync(service, port);
        return (
            await HttpMeasure.OfAsync($"http://127.0.0.1:{port}/tickets", HttpStatusCode.Created, count),
            await HttpMeasure.OfAsync($"http://127.0.0.1:{port}/commands", HttpStatusCode.Accepted, count));
    }

    private async Task<HttpMeasure> ServiceAsync(HttpStatusCode expected, string? preference)
    {
        await using var nats = await NatsServer.StartAsync();
        var port = FreePort.Next();
        using var service = Program(
            "Tickets.Api.dll",
            ["run"],
            new() { ["NATS_URL"] = nats.Url, ["DATABASE_URL"] = await storage.UrlAsync(), ["PORT"] = Text(port), ["LOG_LEVEL"] = "warn" });
        await IsReadyAsync(service, port);
        return await HttpMeasure.OfAsync($"http://127.0.0.1:{port}/api/v1/tickets", expected, count, preference);
    }

    private static ChildProcess Program(string assembly, IEnumerable<string> arguments, Dictionary<string, string?> environment) =>
        ChildProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments], environment);

    private static async Task IsReadyAsync(ChildProcess service, int port)
    {
        using var http = new HttpClient();
        await Eventually.Async(
            async () =>
            {
                if (service.HasExited)
                {
                    throw new InvalidOperationException($"The service has ended:\n{service.Output}");
                }

                try
                {
                    using var response = await http.GetAsync($"http://127.0.0.1:{port}/health/ready");
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            ready => ready,
            TimeSpan.FromSeconds(60),
            "the service is ready");
    }

    private static void Row(string measure, string result) => Console.WriteLine($"| {measure} | {result} |");

    private static string Ratio(double ours, double theirs) => string.Create(CultureInfo.InvariantCulture, $"{ours / theirs:F2}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
