using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Monitoring;

/// <summary>A real Prometheus that looks every second, with the shipped rules. In them only the durations are shorter.</summary>
public sealed partial class PrometheusServer : IAsyncDisposable
{
    public const string Job = "ticket-svc";

    // For how long something must be wrong, and the range of a rate. The service looks at JetStream and at its health every 5 s.
    private const string Patience = "2s";
    private const string Range = "15s";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private ChildProcess? _process;

    private PrometheusServer()
    {
    }

    public static async Task<PrometheusServer> StartAsync(params TicketService[] services)
    {
        var server = new PrometheusServer();
        var rules = await File.ReadAllTextAsync(AlertRule.File);
        await File.WriteAllTextAsync(server._folder.File("alerts.yml"), RangeIn().Replace(ForIn().Replace(rules, $"for: {Patience}"), $"[{Range}]"));
        await File.WriteAllTextAsync(server._folder.File("prometheus.yml"), $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [alerts.yml]
            scrape_configs:
              - job_name: {{Job}}
                static_configs: [{ targets: [{{string.Join(", ", services.Select(service => $"\"{AddressOf(service)}\""))}}] }]
            """);
        var address = $"127.0.0.1:{FreePort.Next()}";
        server._http.BaseAddress = new Uri($"http://{address}");
        server._process = ChildProcess.Start("prometheus",
            [$"--config.file={server._folder.File("prometheus.yml")}", $"--storage.tsdb.path={server._folder.File("data")}", $"--web.listen-address={address}"]);
        await Eventually.Async(server.IsReadyAsync, ready => ready, Limit, "Prometheus is ready");
        return server;
    }

    /// <summary>What it calls a service: the label <c>instance</c>.</summary>
    public static string AddressOf(TicketService service) => service.Http.BaseAddress!.Authority;

    /// <summary>Returns when each of the services has been seen well, and no alert fires.</summary>
    public async Task IsWellAsync()
    {
        await Eventually.Async(() => QueryAsync("tickets_jetstream_up == 1"), series => series.Count > 0, Limit, "the service is seen");
        await Eventually.Async(FiringAsync, firing => firing.Length == 0, Limit, "no alert fires");
    }

    /// <summary>Returns when an alert fires.</summary>
    /// <param name="alert">Its name.</param>
    /// <param name="label">A label that it must have, such as <c>node=127.0.0.1:8222</c>. Default: any.</param>
    public Task FiresAsync(string alert, string label = "") =>
        Eventually.Async(FiringAsync, firing => Names(firing, alert, label), Limit, $"{alert} {label} fires");

    /// <summary>Returns when none of the alerts fires.</summary>
    public Task ResolveAsync(params string[] alerts) => Eventually.Async(
        FiringAsync, firing => !Array.Exists(alerts, alert => Names(firing, alert, label: "")), Limit, $"{string.Join(" and ", alerts)} are over");

    /// <summary>Whether it has fired at all.</summary>
    public async Task<bool> HasFiredAsync(string alert) =>
        (await QueryAsync($$"""count_over_time(ALERTS{alertname="{{alert}}", alertstate="firing"}[1h])""")).Count > 0;

    /// <summary>The series that an expression gives now.</summary>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string expression)
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()];
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _http.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool Names(string firing, string alert, string label) => firing.Split('\n')
        .Any(line => line.StartsWith($"{alert} ", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal));

    // One line for each: its name and its labels.
    private async Task<string> FiringAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>("/api/v1/alerts");
        return string.Join('\n', answer.GetProperty("data").GetProperty("alerts").EnumerateArray()
            .Where(alert => alert.GetProperty("state").GetString() == "firing")
            .Select(alert => alert.GetProperty("labels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()))
            .Select(labels => $"{labels["alertname"]} {string.Join(' ', labels.Where(label => label.Key != "alertname").Select(label => $"{label.Key}={label.Value}"))}"));
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"Prometheus ended: {_process.Output}");
        }

        try
        {
            using var response = await _http.GetAsync("/-/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }

    [GeneratedRegex(@"for: \d+[smh]")]
    private static partial Regex ForIn();

    [GeneratedRegex(@"\[\d+[smh]\]")]
    private static partial Regex RangeIn();
}
