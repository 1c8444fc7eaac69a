namespace Tickets.Api.Explaining;

/// <summary>Events that are looked for in their stream by their ids: from where to read it, and for how long.</summary>
internal sealed class EventSearch
{
    // An outbox that had to wait for NATS sends much later.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    // What lies between is read faster than a new place is found.
    private static readonly TimeSpan WorthReading = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Guid, DateTimeOffset> _left;
    private readonly Dictionary<Guid, (ulong Sequence, DateTimeOffset At)> _found = [];

    /// <param name="made">When each was made.</param>
    public EventSearch(IEnumerable<KeyValuePair<Guid, DateTimeOffset>> made) => _left = new(made);

    /// <summary>The sequence and the time at which each was stored, of those that were found.</summary>
    public IReadOnlyDictionary<Guid, (ulong Sequence, DateTimeOffset At)> Found => _found;

    /// <summary>The time from which the stream is to be read; null when there is nothing left to look for.</summary>
    public DateTimeOffset? From => _left.Count == 0 ? null : _left.Values.Min() - Skew;

    /// <summary>Looks at a message of the stream, in the stream's order.</summary>
    /// <returns>Whether the next one is worth reading; else it goes on at <see cref="From"/>, or ends.</returns>
    public bool Look(Guid? id, ulong sequence, DateTimeOffset at)
    {
        if (id is { } wanted && _left.Remove(wanted))
        {
            _found[wanted] = (sequence, at);
        }

        foreach (var late in _left.Where(left => left.Value + Longest < at).ToArray())
        {
            _left.Remove(late.Key);
        }

        return From <= at + WorthReading;
    }

    /// <summary>There is no more to read.</summary>
    public void End() => _left.Clear();
}
