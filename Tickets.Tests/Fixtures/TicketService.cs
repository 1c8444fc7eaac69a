using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>The real program as a process of its own, on a database of its own.</summary>
public sealed class TicketService : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly string _natsUrl;
    private readonly (string Name, string Value)[] _settings;
    private ChildProcess? _process;

    private TicketService(string natsUrl, (string, string)[] settings) => (_natsUrl, _settings) = (natsUrl, settings);

    public HttpClient Http { get; } = new();

    public string Output => _process!.Output;

    /// <summary>The file, when it is SQLite.</summary>
    public string DatabasePath => _folder.File("tickets.db");

    public string DatabaseUrl => Array.Find(_settings, setting => setting.Name == "DATABASE_URL").Value ?? $"sqlite:{DatabasePath}";

    public static Task<TicketService> StartAsync(NatsServer nats, params (string Name, string Value)[] settings) => StartAsync(nats.Url, settings);

    public static async Task<TicketService> StartAsync(string natsUrl, params (string Name, string Value)[] settings)
    {
        var service = NotStarted(natsUrl, settings);
        await service.StartAgainAsync();
        return service;
    }

    /// <summary>One that has never run: neither its streams nor its database exist.</summary>
    public static TicketService NotStarted(NatsServer nats, params (string Name, string Value)[] settings) => NotStarted(nats.Url, settings);

    public static TicketService NotStarted(string natsUrl, params (string Name, string Value)[] settings)
    {
        var service = new TicketService(natsUrl, settings);
        service.Http.BaseAddress = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        return service;
    }

    /// <summary>Runs words of the command line to their end, against the same database.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] words)
    {
        using var process = Launch(words);
        await process.WaitForExitAsync(Limit);
        return (process.ExitCode, process.Output);
    }

    public async Task StartAgainAsync()
    {
        _process = Launch("run");
        await Eventually.Async(IsReadyAsync, ready => ready, Limit, "the service is ready");
    }

    /// <summary>Starts it and returns at once.</summary>
    public void Launch() => _process = Launch("run");

    /// <summary>Asks it to end and returns at once.</summary>
    public void Terminate() => _process!.Terminate();

    /// <summary>Returns its exit code when it has ended.</summary>
    public async Task<int> EndAsync(TimeSpan limit)
    {
        await _process!.WaitForExitAsync(limit);
        return _process.ExitCode;
    }

    /// <summary>The memory that it has in use, in bytes.</summary>
    public long ResidentBytes => _process!.ResidentBytes;

    /// <summary>Returns when HTTP answers, whatever it says.</summary>
    public Task AnswersAsync() => Eventually.Async(() => TryGetAsync("/health/live"), answers => answers, Limit, "the service answers");

    public Task KillAsync() => _process!.KillAsync();

    public Task StopAsync() => _process!.TerminateAsync(Limit);

    public Task<bool> IsReadyAsync() => TryGetAsync("/health/ready");

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
            path = page.TryGetProperty("next_cursor", out var next) ? $"/api/v1/tickets?limit={limit}&cursor={next.GetString()}" : null;
        }

        return tickets;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is { HasExited: false })
        {
            await StopAsync();
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> TryGetAsync(string path)
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"The service ended: {Output}");
        }

        try
        {
            using var response = await Http.GetAsync(path);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private ChildProcess Launch(params string[] words)
    {
        var environment = new Dictionary<string, string?>
        {
            ["NATS_URL"] = _natsUrl,
            ["PORT"] = Http.BaseAddress!.Port.ToString(provider: null),
            ["DATABASE_URL"] = DatabaseUrl,
        };
        foreach (var (name, value) in _settings)
        {
            environment[name] = value;
        }

        return ChildProcess.Start("dotnet", [Repository.Program, .. words], environment);
    }
}
