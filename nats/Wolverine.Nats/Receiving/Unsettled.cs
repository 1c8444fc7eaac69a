using System.Collections.Concurrent;

namespace Wolverine.Nats.Receiving;

/// <summary>The deliveries of a listener that are neither acknowledged nor given back; each has one of its places.</summary>
/// <param name="places">How many there may be at once.</param>
/// <param name="untilHandled">Whether they are settled after their handlers, and not before.</param>
internal sealed class Unsettled(int places, bool untilHandled)
{
    // One message is pulled as dear as many. Where that many are being handled already, those that come next can wait for each other.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _places = new(places);
    private readonly ConcurrentDictionary<NatsEnvelope, bool> _envelopes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Those that are there now.</summary>
    public IEnumerable<NatsEnvelope> Envelopes => _envelopes.Keys;

    /// <summary>Those whose leases are renewed. Where the others are settled first, what becomes a dead letter can still take long.</summary>
    public IEnumerable<NatsEnvelope> Renewed => untilHandled ? Envelopes : Envelopes.Where(envelope => envelope.IsGivenUp);

    /// <summary>Takes free places, as soon as there is one.</summary>
    /// <param name="most">How many, at most.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>How many were taken.</returns>
    public async Task<int> TakeAsync(int most, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        var taken = 1 + TakeFree(most - 1);
        if (taken < Math.Min(most, places / 8))
        {
            await Task.Delay(Moment, CancellationToken.None);
            taken += TakeFree(most - taken);
        }

        return taken;
    }

    /// <summary>Frees places that were taken for deliveries that have not come.</summary>
    public void Release(int count)
    {
        if (count > 0)
        {
            _places.Release(count);
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

    private int TakeFree(int most)
    {
        var taken = 0;
        while (taken < most && _places.Wait(0))
        {
            taken++;
        }

        return taken;
    }
}
