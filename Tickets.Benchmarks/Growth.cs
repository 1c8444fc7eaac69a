using System.Diagnostics;
using NatsServers;

namespace Tickets.Benchmarks;

/// <summary>What more tickets and more tenants cost: the drain over ever fuller databases.</summary>
internal static class Growth
{
    private const int Commands = 20_000;

    /// <param name="tickets">The most tickets in storage; a tenth of them is measured too.</param>
    public static async Task RunAsync(int tickets)
    {
        Console.WriteLine("| storage | tickets | tenants | drain | of that with none | peak memory |\n|---|---|---|---|---|---|");
        await using var postgreSql = await PostgreSqlServer.StartAsync();
        foreach (var server in new[] { null, postgreSql })
        {
            double? empty = null;
            foreach (var (count, tenants) in new[] { (0, 1), (tickets / 10, 1), (tickets, 1), (tickets, 1000) })
            {
                using var storage = new Storage(server);
                var url = await storage.UrlAsync();
                await using var nats = await NatsServer.StartAsync();
                await TicketsProgram.SetupAsync(nats, url);
                var filling = Stopwatch.StartNew();
                await new ManyTickets(tenants).WriteAsync(url, count);
                await Console.Error.WriteLineAsync($"{count:N0} tickets stored in {filling.Elapsed.TotalSeconds:N0} s");
                var (rate, _, memory) = await TicketsProgram.DrainAsync(nats, url, Commands, tenants);
                empty ??= rate;
                Console.WriteLine($"| {storage} | {count:N0} | {tenants:N0} | {rate:N0}/s | {rate / empty:P0} | {memory:N0} MiB |");
            }
        }
    }
}
