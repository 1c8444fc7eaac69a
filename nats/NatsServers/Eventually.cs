using System.Diagnostics;

namespace NatsServers;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns the first value that satisfies, or fails with a <see cref="TimeoutException"/> that tells the last one seen.</summary>
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

    /// <summary>Returns when the condition holds, or fails with a <see cref="TimeoutException"/> that says what did not happen.</summary>
    public static Task Async(Func<bool> condition, TimeSpan limit, string what) =>
        Async(() => Task.FromResult(condition()), satisfied => satisfied, limit, what);
}
