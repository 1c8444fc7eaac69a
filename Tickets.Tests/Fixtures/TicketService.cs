using System.Net.Http.Json;
using System.Text.Json;
using NatsServers;
using Tickets.Faults.Systems;

namespace Tickets.Tests.Fixtures;

/// <summary>The real program as a process of its own, on a database of its own.</summary>
public sealed class TicketService : IAsyncDisposable
{
    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();

    private TicketService(string natsUrl, (string Name, string Value)[] settings)
    {
        var port = FreePort.Next();
        var environment = new Dictionary<string, string?>
        {
            ["NATS_URL"] = natsUrl,
            ["PORT"] = port.ToString(provider: null),
            ["DATABASE_URL"] = $"sqlite:{DatabasePath}",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        Process = new ServiceProcess(new Uri($"http://127.0.0.1:{port}"), Repository.Program, environment);
    }

    public ServiceProcess Process { get; }

    public HttpClient Http => Process.Http;

    public string Output => Process.Output;

    /// <summary>Returns when it has said something. What it logs is written in the background, and arrives here later than what follows from it.</summary>
    public Task SaysAsync(string text) => Eventually.Async(() => Output.Contains(text, StringComparison.Ordinal), LogLimit, $"the service says '{text}'");

    /// <summary>The file, when it is SQLite.</summary>
    public string DatabasePath => _folder.File("tickets.db");

    public string DatabaseUrl => Process.Setting("DATABASE_URL")!;

    public static Task<TicketService> StartAsync(NatsServer nats, params (string Name, string Value)[] settings) => StartAsync(nats.Url, settings);

    public static async Task<TicketService> StartAsync(string natsUrl, params (string Name, string Value)[] settings)
    {
        var service = NotStarted(natsUrl, settings);
        await service.StartAgainAsync();
        return service;
    }

    /// <summary>One that has never run: neither its streams nor its database exist.</summary>
    public static TicketService NotStarted(NatsServer nats, params (string Name, string Value)[] settings) => NotStarted(nats.Url, settings);

    public static TicketService NotStarted(string natsUrl, params (string Name, string Value)[] settings) => new(natsUrl, settings);

    /// <summary>Runs words of the command line to their end, against the same database.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] words) => Process.RunAsync(words);

    public Task StartAgainAsync() => Process.StartAsync();

    /// <summary>Starts it and returns at once.</summary>
    public void Launch() => Process.Launch();

    /// <summary>Asks it to end and returns at once.</summary>
    public void Terminate() => Process.Terminate();

    /// <summary>Returns its exit code when it has ended.</summary>
    public async Task<int> EndAsync(TimeSpan limit)
    {
        await Process.EndedAsync(limit);
        return Process.ExitCode;
    }

    /// <summary>The memory that it has in use, in bytes.</summary>
    public long ResidentBytes => Process.ResidentMemory;

    /// <summary>Returns when HTTP answers, whatever it says.</summary>
    public Task AnswersAsync() => Process.AnswersAsync();

    public Task KillAsync() => Process.KillAsync();

    public Task StopAsync() => Process.StopAsync();

    public Task<bool> IsReadyAsync() => Process.IsReadyAsync();

    public Task<HttpResponseMessage> PostAsync(string? tenant, HttpContent body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, tenant, "/api/v1/tickets", body, headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string? tenant, string path, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (tenant is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Tenant-ID", tenant);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> PatchAsync(string tenant, string path, object patch, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, tenant, path, JsonContent.Create(patch), headers);

    public Task<HttpResponseMessage> CreateAsync(string tenant, string title, string? description = null) =>
        PostAsync(tenant, JsonContent.Create(new { title, description, created_by = "ada" }));

    public Task<HttpResponseMessage> GetAsync(string tenant, string path, string? ifNoneMatch = null) =>
        SendAsync(HttpMethod.Get, tenant, path, body: null, ifNoneMatch is null ? [] : [("If-None-Match", ifNoneMatch)]);

    public async Task<IReadOnlyList<JsonElement>> ListAsync(string tenant, int limit = 200)
    {
        List<JsonElement> tickets = [];
        for (var path = $"/api/v1/tickets?limit={limit}"; path is not null;)
        {
            using var response = await GetAsync(tenant, path);
            var page = await response.Content.ReadFromJsonAsync<JsonElement>();
            tickets.AddRange(page.GetProperty("tickets").EnumerateArray());
            path = page.GetProperty("next_cursor").GetString() is { } next ? $"/api/v1/tickets?limit={limit}&cursor={next}" : null;
        }

        return tickets;
    }

    public async ValueTask DisposeAsync()
    {
        if (Process.IsRunning)
        {
            await StopAsync();
        }

        Process.Dispose();
        _folder.Dispose();
    }
}
