using System.Diagnostics;
using NatsServers;

namespace Tickets.Benchmarks;

/// <summary>
/// What more tickets and more tenants cost: the drain over ever fuller databases, each in turn with one over an empty
/// database, since a machine gives more in one minute than in another.
/// </summary>
internal static class Growth
{
    private const int Commands = 20_000;
    private const int Turns = 2;

    /// <param name="tickets">The most tickets in storage; a tenth of them is measured too.</param>
    public static async Task RunAsync(int tickets)
    {
        Console.WriteLine("| storage | tickets | tenants | drain | with no ticket | of that | peak memory |\n|---|---|---|---|---|---|---|");
        await using var postgreSql = await PostgreSqlServer.StartAsync();
        foreach (var server in new[] { null, postgreSql })
        {
            foreach (var (count, tenants) in new[] { (tickets / 10, 1), (tickets, 1), (tickets, 1000) })
            {
                await MeasureAsync(server, count, tenants);
            }
        }
    }

    private static async Task MeasureAsync(PostgreSqlServer? server, int count, int tenants)
    {
        using var storage = new Storage(server);
        await using var nats = await NatsServer.StartAsync();
        var url = await SetupAsync(storage, nats);
        var filling = Stopwatch.StartNew();
        await new ManyTickets(tenants).WriteAsync(url, count);
        await Console.Error.WriteLineAsync($"{count:N0} tickets stored in {filling.Elapsed.TotalSeconds:N0} s");
        var (full, empty, most) = (0.0, 0.0, 0.0);
        for (var turn = 0; turn < Turns; turn++)
        {
            empty += await DrainEmptyAsync(storage, tenants) / Turns;
            var (rate, _, memory) = await TicketsProgram.DrainAsync(nats, url, Commands, tenants);
            full += rate / Turns;
            most = Math.Max(most, memory);
        }

        Console.WriteLine($"| {storage} | {count:N0} | {tenants:N0} | {full:N0}/s | {empty:N0}/s | {full / empty:P0} | {most:N0} MiB |");
    }

    private static async Task<double> DrainEmptyAsync(Storage storage, int tenants)
    {
        await using var nats = await NatsServer.StartAsync();
        return (await TicketsProgram.DrainAsync(nats, await SetupAsync(storage, nats), Commands, tenants)).Rate;
    }

    private static async Task<string> SetupAsync(Storage storage, NatsServer nats)
    {
        var url = await storage.UrlAsync();
        await TicketsProgram.SetupAsync(nats, url);
        return url;
    }
}
