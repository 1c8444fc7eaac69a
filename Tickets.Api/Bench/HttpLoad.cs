using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tickets.Api.Composition;

namespace Tickets.Api.Bench;

/// <summary>Requests to the service at <c>PORT</c> of this machine.</summary>
internal sealed class HttpLoad(ServiceOptions options, BenchTickets tickets) : IDisposable
{
    private static readonly string[] Queries = ["?limit=20", "?status=open&limit=20", "?q=bench&limit=20", "?sort=-priority&limit=20"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), UseProxy = false })
    {
        BaseAddress = new Uri(options.LocalAddress, "/api/v1/tickets"),
        DefaultRequestHeaders = { Authorization = options.Credential is { } credential ? new AuthenticationHeaderValue("Bearer", credential) : null },
    };

    public Task<string?> CreateAsync(int number) => PostAsync(number, preference: null, HttpStatusCode.Created);

    public Task<string?> AcceptAsync(int number) => PostAsync(number, "respond-async", HttpStatusCode.Accepted);

    public async Task<string?> ReadAsync(int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Queries[number % Queries.Length]);
        return await SendAsync(request, number, HttpStatusCode.OK);
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> PostAsync(int number, string? preference, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, string.Empty)
        {
            Content = new StringContent(tickets.BodyOf(number), Encoding.UTF8, "application/json"),
        };
        if (preference is not null)
        {
            request.Headers.Add("Prefer", preference);
        }

        return await SendAsync(request, number, expected);
    }

    // All others would be refused as well, and measure nothing.
    private async Task<string?> SendAsync(HttpRequestMessage request, int number, HttpStatusCode expected)
    {
        request.Headers.Add(options.TenantHeader, tickets.TenantOf(number));
        try
        {
            using var response = await _http.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            return response.StatusCode == expected ? null
                : response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? throw new UnauthorizedAccessException(Refusal(response.StatusCode, body))
                : $"answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }

    private static string Refusal(HttpStatusCode status, byte[] body) =>
        $"the service answers {(int)status}{DetailOf(body)}; set {BenchCredential.Key}, or {BenchCredential.Key}_FILE, to a token or an API key that reads and "
        + "writes for all tenants, such as ./tickets keys create bench --tenants '*' makes";

    // Whatever stands before the service may answer in another form.
    private static string DetailOf(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject problem ? $" ({problem["detail"]?.ToString().TrimEnd('.')})" : string.Empty;
        }
        catch (JsonException)
        {
            return string.Empty;
        }
    }
}
