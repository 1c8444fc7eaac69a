using System.Diagnostics;

namespace Tickets.Api.Bench;

/// <summary>Sends many requests, so many at once, and times each.</summary>
/// <param name="send">Sends one; returns what went wrong, null for nothing.</param>
/// <param name="progress">Told after each.</param>
internal sealed class LoadRun(Func<int, Task<string?>> send, Action progress)
{
    private const int MostFaults = 10;

    public async Task<BenchResult> RunAsync(BenchInput input)
    {
        var latencies = new double[input.CountFlag];
        List<string> faults = [];
        var failed = 0;
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, input.CountFlag),
            new ParallelOptions { MaxDegreeOfParallelism = input.ConcurrencyFlag },
            async (number, _) =>
            {
                var began = Stopwatch.GetTimestamp();
                if (await send(number) is { } fault)
                {
                    Keep(fault);
                }

                latencies[number] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                progress();
            });
        var seconds = clock.Elapsed.TotalSeconds;
        Array.Sort(latencies);
        return new BenchResult(input.Workload, input.CountFlag, seconds, latencies, failed == 0 ? [] : [$"{failed} failed", .. faults]);

        void Keep(string fault)
        {
            lock (faults)
            {
                failed++;
                if (faults.Count < MostFaults && !faults.Contains(fault))
                {
                    faults.Add(fault);
                }
            }
        }
    }
}
