using System.Diagnostics;
using System.Net;
using System.Text;

namespace Tickets.Benchmarks.Comparison;

/// <summary>A server that answers the same POST, over 32 connections.</summary>
/// <param name="url">What is posted to.</param>
/// <param name="expected">What it must answer.</param>
/// <param name="preference">The header <c>Prefer</c>; null for none.</param>
internal sealed class HttpTarget(string url, HttpStatusCode expected, string? preference = null) : IDisposable
{
    private const int Connections = 32;

    private readonly HttpClient _http = new();

    /// <summary>Sends so many requests.</summary>
    /// <returns>How long all of them took, and each, in milliseconds.</returns>
    /// <exception cref="InvalidOperationException">An answer is not the expected one.</exception>
    public async Task<(TimeSpan Elapsed, double[] Milliseconds)> RunAsync(int requests)
    {
        var clock = Stopwatch.StartNew();
        var milliseconds = new double[requests];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = Connections },
            async (number, cancellation) =>
            {
                var started = Stopwatch.GetTimestamp();
                await PostAsync(cancellation);
                milliseconds[number] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            });
        return (clock.Elapsed, milliseconds);
    }

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(BareTicket.Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Tenant-ID", "bench");
        if (preference is not null)
        {
            request.Headers.Add("Prefer", preference);
        }

        using var response = await _http.SendAsync(request, cancellation);
        await response.Content.ReadAsByteArrayAsync(cancellation);
        if (response.StatusCode != expected)
        {
            throw new InvalidOperationException($"{url} answered {(int)response.StatusCode}, not {(int)expected}.");
        }
    }
}
