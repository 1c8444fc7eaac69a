using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Tickets.Benchmarks.Comparison;

/// <summary>How fast a server answers the same POST, over 32 connections.</summary>
/// <param name="Rate">Answers in a second.</param>
/// <param name="P50">Half of them came within so many milliseconds.</param>
/// <param name="P99">99 of 100 came within so many milliseconds.</param>
internal sealed record HttpMeasure(double Rate, double P50, double P99)
{
    private const int Connections = 32;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rate:N0}/s, p50 {P50:F1}, p99 {P99:F1} ms");

    /// <exception cref="InvalidOperationException">An answer is not the expected one.</exception>
    public static async Task<HttpMeasure> OfAsync(string url, HttpStatusCode expected, int count, string? preference = null)
    {
        using var http = new HttpClient();

        // Services compile what is hot anew among their first tens of thousands of requests.
        for (var warming = Stopwatch.StartNew(); warming.Elapsed < WarmUp;)
        {
            await RunAsync(count / 20);
        }

        var clock = Stopwatch.StartNew();
        var times = await RunAsync(count);
        var rate = count / clock.Elapsed.TotalSeconds;
        Array.Sort(times);
        return new HttpMeasure(rate, times[count / 2], times[count * 99 / 100]);

        async Task<double[]> RunAsync(int requests)
        {
            var milliseconds = new double[requests];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, requests),
                new ParallelOptions { MaxDegreeOfParallelism = Connections },
                async (number, cancellation) =>
                {
                    var started = Stopwatch.GetTimestamp();
                    using var request = new HttpRequestMessage(HttpMethod.Post, url)
                    {
                        Content = new StringContent(BareTicket.Body, Encoding.UTF8, "application/json"),
                    };
                    request.Headers.Add("X-Tenant-ID", "bench");
                    if (preference is not null)
                    {
                        request.Headers.Add("Prefer", preference);
                    }

                    using var response = await http.SendAsync(request, cancellation);
                    await response.Content.ReadAsByteArrayAsync(cancellation);
                    if (response.StatusCode != expected)
                    {
                        throw new InvalidOperationException($"{url} answered {(int)response.StatusCode}, not {(int)expected}.");
                    }

                    milliseconds[number] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                });
            return milliseconds;
        }
    }
}
