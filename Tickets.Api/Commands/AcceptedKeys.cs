using System.Collections.Concurrent;

namespace Tickets.Api.Commands;

/// <summary>
/// The latest commands with an <c>Idempotency-Key</c> that this process has accepted and answered before they were handled. They are in
/// their stream: a repeat has nothing to add, and must not withdraw them when NATS is out of reach.
/// </summary>
internal sealed class AcceptedKeys
{
    // Some 5 MB. The ledger knows nearly all of them by then.
    private const int MostRemembered = 20_000;

    private readonly ConcurrentDictionary<Guid, string> _fingerprints = new();
    private readonly ConcurrentQueue<Guid> _order = new();

    /// <summary>Remembers a command; the oldest is forgotten for it.</summary>
    public void Add(Guid id, string fingerprint)
    {
        if (!_fingerprints.TryAdd(id, fingerprint))
        {
            return;
        }

        _order.Enqueue(id);
        while (_order.Count > MostRemembered && _order.TryDequeue(out var oldest))
        {
            _fingerprints.TryRemove(oldest, out _);
        }
    }

    /// <summary>What a command asked for; null when it is not known.</summary>
    public string? FingerprintOf(Guid id) => _fingerprints.GetValueOrDefault(id);
}
