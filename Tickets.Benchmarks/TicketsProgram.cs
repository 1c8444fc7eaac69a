using System.Globalization;
using System.Text.Json;
using NatsServers;

namespace Tickets.Benchmarks;

/// <summary>The service's program, as a process of its own.</summary>
internal static class TicketsProgram
{
    // The runtime compiles what is hot twice: first to learn how it runs, then by that. It is through with most of it after 60,000 commands.
    private const int WarmUps = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    // As it is deployed where the script says so, else as it was built.
    private static readonly string File =
        Environment.GetEnvironmentVariable("BENCHMARKED_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "Tickets.Api.dll");

    /// <summary>Makes streams and tables.</summary>
    public static async Task SetupAsync(NatsServer nats, string databaseUrl) => await EndAsync(Start(nats, databaseUrl, ["resources", "setup"]));

    /// <summary>Works off a stream of commands, and checks what that made.</summary>
    /// <param name="nats">A server with nothing in its stream of commands.</param>
    /// <param name="databaseUrl">The database.</param>
    /// <param name="count">How many commands, after three times as many: the first that a process gets cost it more, as it compiles what is hot anew.</param>
    /// <param name="tenants">For how many tenants.</param>
    /// <param name="settings">More of the environment.</param>
    /// <returns>Commands in a second, those before them in a second, and the most memory the process held, in MiB.</returns>
    public static async Task<(double Rate, double FirstRate, double PeakMemory)> DrainAsync(
        NatsServer nats, string databaseUrl, int count, int tenants, params (string Name, string Value)[] settings)
    {
        var output = await EndAsync(Start(
            nats,
            databaseUrl,
            ["bench", "drain", "--warm-up", Text(WarmUps * count), "--count", Text(count), "--tenants", Text(tenants), "--json"],
            settings));
        var result = JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith("{\"workload\"", StringComparison.Ordinal))).RootElement;
        return (Number("rate"), Number("warm_up_rate"), Number("peak_memory_mib"));

        double Number(string name) => result.GetProperty(name).GetDouble();
    }

    /// <summary>Starts the service.</summary>
    /// <returns>It, and its port.</returns>
    public static async Task<(ChildProcess Service, int Port)> RunAsync(NatsServer nats, string databaseUrl, params (string Name, string Value)[] settings)
    {
        var port = FreePort.Next();
        var service = Start(nats, databaseUrl, ["run"], [.. settings, ("PORT", Text(port))]);
        await IsReadyAsync(service, port);
        return (service, port);
    }

    /// <summary>Returns when a service answers that it is ready.</summary>
    public static async Task IsReadyAsync(ChildProcess service, int port)
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

    private static ChildProcess Start(NatsServer nats, string databaseUrl, string[] words, params (string Name, string Value)[] settings) => ChildProcess.Start(
        "dotnet",
        [File, .. words],
        new Dictionary<string, string?>([.. settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))])
        {
            ["NATS_URL"] = nats.Url,
            ["DATABASE_URL"] = databaseUrl,
            ["LOG_LEVEL"] = "warn",
        });

    private static async Task<string> EndAsync(ChildProcess process)
    {
        using (process)
        {
            await process.WaitForExitAsync(Limit);
            return process.ExitCode == 0 ? process.Output : throw new InvalidOperationException($"The program failed:\n{process.Output}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
