namespace Tickets.Handlers.Storage;

/// <summary>Waits 50 ms at first, then twice as long each time up to 5 s, give or take a quarter.</summary>
internal sealed class GrowingPause
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private TimeSpan _next = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns at once when <paramref name="giveUp"/> says so.</summary>
    public async Task WaitAsync(CancellationToken giveUp)
    {
        var jitter = 0.75 + (Random.Shared.NextDouble() / 2);
        await Task.Delay(_next * jitter, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _next = _next * 2 < Longest ? _next * 2 : Longest;
    }
}
