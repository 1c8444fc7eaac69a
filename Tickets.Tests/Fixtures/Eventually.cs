using System.Diagnostics;

namespace Tickets.Tests.Fixtures;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns the first value that satisfies, or fails with the last one seen.</summary>
    public static async Task<T> Async<T>(Func<Task<T>> read, Func<T, bool> satisfies, TimeSpan limit, string what)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var value = await read();
            if (satisfies(value))
            {
                return value;
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds} s; last seen: {value}");
            }

            await Task.Delay(Pause);
        }
    }

    public static Task Async(Func<bool> condition, TimeSpan limit, string what) =>
        Async(() => Task.FromResult(condition()), satisfied => satisfied, limit, what);
}
