using System.Collections.Frozen;

namespace Tickets.Handlers.Access;

/// <summary>
/// All API keys as they were a moment ago. Read as a whole and at most so often, they cost no query for each request, and keys
/// that somebody makes up cost none either. A revoked key is taken for <see cref="Freshness"/> at most.
/// </summary>
public sealed class ApiKeyRing(ApiKeys keys, TimeProvider clock)
{
    /// <summary>How old what is known may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    // A key that was just made is to be good at once, and one that somebody made up must not have the database read for each
    // request: so one that is not known waits for the next look, which is the same for all who wait.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private Known? _known;
    private Task<Known>? _reading;

    /// <summary>The key that was presented; null when it is none, or good no more.</summary>
    /// <exception cref="System.Data.Common.DbException">The database can't be read, and what is known is too old.</exception>
    public async ValueTask<ApiKey?> FindAsync(ApiKeySecret presented)
    {
        ArgumentNullException.ThrowIfNull(presented);
        var asked = clock.GetTimestamp();
        var known = _known is { } kept && clock.GetElapsedTime(kept.At) < Freshness ? kept : await ReadAsync();
        while (!known.Keys.ContainsKey(presented.Id) && known.At < asked)
        {
            known = await NextAsync(known);
        }

        return known.Keys.TryGetValue(presented.Id, out var key) && presented.Fits(key) && key.IsGood(clock.GetUtcNow()) ? key : null;
    }

    private async Task<Known> NextAsync(Known known)
    {
        var wait = BetweenLooks - clock.GetElapsedTime(known.At);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock);
        }

        return _known is { } newer && newer != known ? newer : await ReadAsync();
    }

    // Whoever comes while it is being read waits for the same.
    private Task<Known> ReadAsync()
    {
        lock (_gate)
        {
            if (_reading is not { IsCompleted: false })
            {
                _reading = Task.Run(ReadAllAsync);
            }

            return _reading;
        }
    }

    private async Task<Known> ReadAllAsync()
    {
        var at = clock.GetTimestamp();
        var read = await keys.ListAsync(CancellationToken.None);
        return _known = new Known(at, read.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal));
    }

    private sealed class Known(long at, FrozenDictionary<string, ApiKey> keys)
    {
        public long At { get; } = at;

        public FrozenDictionary<string, ApiKey> Keys { get; } = keys;
    }
}
