using System.Collections.Concurrent;

namespace Wolverine.Nats.Receiving;

/// <summary>The deliveries of a listener that are neither acknowledged nor given back; each has one of its places.</summary>
/// <param name="places">How many there may be at once.</param>
internal sealed class Unsettled(int places)
{
    private readonly SemaphoreSlim _places = new(places);
    private readonly ConcurrentDictionary<NatsEnvelope, bool> _envelopes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Those that are there now.</summary>
    public IEnumerable<NatsEnvelope> Envelopes => _envelopes.Keys;

    /// <summary>Takes a place for the next delivery as soon as one is free.</summary>
    public Task PlaceAsync(CancellationToken cancellation) => _places.WaitAsync(cancellation);

    /// <summary>A delivery for which a place was taken.</summary>
    public void Add(NatsEnvelope envelope) => _envelopes.TryAdd(envelope, true);

    /// <summary>It is settled, and its place is free.</summary>
    public void Remove(NatsEnvelope envelope)
    {
        _envelopes.TryRemove(envelope, out _);
        _places.Release();
    }
}
