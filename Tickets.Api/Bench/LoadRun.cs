using System.Diagnostics;

namespace Tickets.Api.Bench;

/// <summary>Sends many requests, so many at once, for a number or a time, and times each.</summary>
/// <param name="send">Sends one; returns what went wrong, null for nothing.</param>
/// <param name="progress">Told after each.</param>
internal sealed class LoadRun(Func<int, Task<string?>> send, Action progress)
{
    private const int MostFaults = 10;

    public async Task<BenchResult> RunAsync(BenchInput input)
    {
        List<double> latencies = new(input.CountFlag);
        List<string> faults = [];
        var failed = 0;
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Numbers(input, clock),
            new ParallelOptions { MaxDegreeOfParallelism = input.ConcurrencyFlag },
            async (number, _) =>
            {
                var began = Stopwatch.GetTimestamp();
                if (await send(number) is { } fault)
                {
                    Keep(fault);
                }

                var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                lock (latencies)
                {
                    latencies.Add(took);
                }

                progress();
            });
        var seconds = clock.Elapsed.TotalSeconds;
        latencies.Sort();
        return new BenchResult(input.Workload, latencies.Count, seconds, latencies, failed == 0 ? [] : [$"{failed} failed", .. faults]);

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

    private static IEnumerable<int> Numbers(BenchInput input, Stopwatch clock)
    {
        for (var number = 0; input.DurationFlag > 0 ? clock.Elapsed.TotalSeconds < input.DurationFlag : number < input.CountFlag; number++)
        {
            yield return number;
        }
    }
}
