namespace Tickets.Api.Explaining;

/// <summary>
/// Events that are looked for in their stream by their ids: from where to read it, and for how long. Nearly all were stored at once, so
/// each is looked for near its time first. What an outbox that had to wait for NATS sent later is then looked for up to the stream's end.
/// </summary>
internal sealed class EventSearch
{
    private static readonly TimeSpan Near = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    // What lies between is read faster than a new place is found.
    private static readonly TimeSpan WorthReading = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _keptSince;
    private readonly Dictionary<Guid, DateTimeOffset> _left;
    private readonly Dictionary<Guid, DateTimeOffset> _late = [];
    private readonly Dictionary<Guid, (ulong Sequence, DateTimeOffset At)> _found = [];
    private bool _looksForLate;

    /// <param name="made">When each was made.</param>
    /// <param name="keptSince">What was made before has most likely left the stream by its age, and is looked for near its time alone.</param>
    public EventSearch(IEnumerable<KeyValuePair<Guid, DateTimeOffset>> made, DateTimeOffset keptSince) => (_left, _keptSince) = (new(made), keptSince);

    /// <summary>The sequence and the time at which each was stored, of those that were found.</summary>
    public IReadOnlyDictionary<Guid, (ulong Sequence, DateTimeOffset At)> Found => _found;

    /// <summary>The time from which the stream is to be read; null when there is nothing left to look for.</summary>
    public DateTimeOffset? From => _left.Count > 0 ? _left.Values.Min() - Skew : _late.Count > 0 ? _late.Values.Min() : null;

    /// <summary>Looks at a message of the stream, in the stream's order.</summary>
    /// <returns>Whether the next one is worth reading; else it goes on at <see cref="From"/>, or ends.</returns>
    public bool Look(Guid? id, ulong sequence, DateTimeOffset at)
    {
        if (id is { } wanted && (_left.Remove(wanted) || _late.Remove(wanted)))
        {
            _found[wanted] = (sequence, at);
        }

        foreach (var (late, made) in _left.Where(left => left.Value + Near < at).ToArray())
        {
            _left.Remove(late);
            if (made >= _keptSince)
            {
                _late[late] = at;
            }
        }

        return !BeginsWithLate() && From <= at + WorthReading;
    }

    /// <summary>There is no more to read from where it was read last.</summary>
    public void End()
    {
        _left.Clear();
        if (!BeginsWithLate())
        {
            _late.Clear();
        }
    }

    // Once: what was passed over between the times of those that were near is read then.
    private bool BeginsWithLate() => _left.Count == 0 && !_looksForLate && (_looksForLate = true);
}
