using System.Net;
using System.Text;
using Tickets.Api.Composition;

namespace Tickets.Api.Bench;

/// <summary>Requests to the service at <c>PORT</c> of this machine.</summary>
internal sealed class HttpLoad(ServiceOptions options, BenchTickets tickets) : IDisposable
{
    private static readonly string[] Queries = ["?limit=20", "?status=open&limit=20", "?q=bench&limit=20", "?sort=-priority&limit=20"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{options.Port}/api/v1/tickets"),
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

    private async Task<string?> SendAsync(HttpRequestMessage request, int number, HttpStatusCode expected)
    {
        request.Headers.Add(options.TenantHeader, tickets.TenantOf(number));
        try
        {
            using var response = await _http.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
            return response.StatusCode == expected ? null : $"answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }
}
