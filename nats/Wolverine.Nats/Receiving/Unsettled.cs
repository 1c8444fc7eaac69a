using System.Collections.Concurrent;

namespace Wolverine.Nats.Receiving;

/// <summary>The deliveries of a listener that are neither acknowledged nor given back; each has one of its places.</summary>
/// <param name="places">How many there may be at once.</param>
/// <param name="lease">
/// After how long without a renewal the server has taken a delivery back: it is this listener's no more, whoever still has it. Infinite
/// where nothing is renewed, because deliveries are settled first.
/// </param>
internal sealed class Unsettled(int places, TimeSpan lease)
{
    private readonly SemaphoreSlim _places = new(places);
    private readonly ConcurrentDictionary<NatsEnvelope, bool> _envelopes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Those that are there now.</summary>
    public IEnumerable<NatsEnvelope> Envelopes => _envelopes.Keys;

    /// <summary>Takes a place for the next delivery as soon as one is free.</summary>
    public async Task PlaceAsync(CancellationToken cancellation)
    {
        while (!await _places.WaitAsync(lease, cancellation))
        {
            ReleaseLost();
        }
    }

    /// <summary>A delivery for which a place was taken.</summary>
    public void Add(NatsEnvelope envelope) => _envelopes.TryAdd(envelope, true);

    /// <summary>It is settled or lost, and its place is free.</summary>
    public void Remove(NatsEnvelope envelope)
    {
        if (_envelopes.TryRemove(envelope, out _))
        {
            _places.Release();
        }
    }

    /// <summary>Frees the places of those that the server has taken back: Wolverine drops what has lost its lease, and tells nobody.</summary>
    public void ReleaseLost()
    {
        foreach (var envelope in lease > TimeSpan.Zero ? Envelopes.Where(envelope => envelope.LeaseAge > lease) : [])
        {
            Remove(envelope);
        }
    }
}
