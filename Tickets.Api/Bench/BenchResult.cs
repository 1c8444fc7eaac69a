using System.Diagnostics;
using System.Globalization;

namespace Tickets.Api.Bench;

/// <summary>What a run has shown.</summary>
/// <param name="Workload">What was measured.</param>
/// <param name="Count">How many were asked for.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Latencies">How long each took, in milliseconds, sorted; empty when they were not timed one by one.</param>
/// <param name="Faults">What was not as it should be.</param>
internal sealed record BenchResult(Workload Workload, int Count, double Seconds, IReadOnlyList<double> Latencies, IReadOnlyList<string> Faults)
{
    /// <summary>How many of those before, with which the process got warm, in a second; null when there were none.</summary>
    public double? WarmUpRate { get; init; }

    /// <summary>Of all that were asked for, in a second.</summary>
    public double Rate => Count / Seconds;

    /// <summary>The latency that a share of all stayed within; null when there are none.</summary>
    public double? Percentile(double share) =>
        Latencies.Count == 0 ? null : Latencies[Math.Min((int)(Latencies.Count * share), Latencies.Count - 1)];

    /// <summary>The most memory that this process has held, in MiB; 0 where the system does not tell.</summary>
    public static long PeakMemory => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;

    /// <summary>For programs.</summary>
    public object ToJson() => new
    {
        Workload = Workload.ToString(),
        Count,
        Seconds = Math.Round(Seconds, 3),
        Rate = Math.Round(Rate),
        WarmUpRate = WarmUpRate is { } rate ? Math.Round(rate) : (double?)null,
        P50Ms = Percentile(0.5),
        P95Ms = Percentile(0.95),
        P99Ms = Percentile(0.99),
        MaxMs = Percentile(1),
        PeakMemoryMib = PeakMemory,
        Faults,
    };

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var times = Latencies.Count == 0
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"  p50 {Percentile(0.5):F1}  p95 {Percentile(0.95):F1}  p99 {Percentile(0.99):F1}  max {Percentile(1):F1} ms");
        var before = WarmUpRate is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", and before that {WarmUpRate:F0}/s");
        return string.Create(CultureInfo.InvariantCulture, $"{Workload.ToString()}: {Count} in {Seconds:F2} s, {Rate:F0}/s{before}{times}");
    }
}
