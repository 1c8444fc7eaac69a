using System.Diagnostics;
using System.Globalization;

namespace Tickets.Benchmarks.Comparison;

/// <summary>How fast a server answers.</summary>
/// <param name="Rate">Answers in a second.</param>
/// <param name="P50">Half of them came within so many milliseconds.</param>
/// <param name="P99">99 of 100 came within so many milliseconds.</param>
internal sealed record HttpMeasure(double Rate, double P50, double P99)
{
    private const int Turns = 10;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(25);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rate:N0}/s, p50 {P50:F1}, p99 {P99:F1} ms");

    /// <summary>
    /// Measures servers a tenth at a time, each in turn: what the machine gives changes within seconds, and so it gives all of them alike.
    /// </summary>
    /// <param name="count">How many requests each of them gets.</param>
    /// <param name="targets">The servers.</param>
    /// <exception cref="InvalidOperationException">An answer is not the expected one.</exception>
    public static async Task<HttpMeasure[]> InTurnAsync(int count, params HttpTarget[] targets)
    {
        // Services compile what is hot anew among their first tens of thousands of requests.
        foreach (var target in targets)
        {
            for (var warming = Stopwatch.StartNew(); warming.Elapsed < WarmUp;)
            {
                await target.RunAsync(count / 20);
            }
        }

        var elapsed = new TimeSpan[targets.Length];
        var milliseconds = targets.Select(_ => new List<double>(count)).ToArray();
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var i = 0; i < targets.Length; i++)
            {
                var (time, each) = await targets[i].RunAsync(count / Turns);
                elapsed[i] += time;
                milliseconds[i].AddRange(each);
            }
        }

        return [.. elapsed.Zip(milliseconds, Of)];
    }

    private static HttpMeasure Of(TimeSpan elapsed, List<double> milliseconds)
    {
        milliseconds.Sort();
        return new HttpMeasure(milliseconds.Count / elapsed.TotalSeconds, milliseconds[milliseconds.Count / 2], milliseconds[milliseconds.Count * 99 / 100]);
    }
}
