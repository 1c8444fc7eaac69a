using System.Collections.Concurrent;

namespace Wolverine.Nats.Receiving;

/// <summary>Whether the JetStream listeners are receiving, which an open socket does not tell.</summary>
public sealed class ListenerHealth
{
    private readonly ConcurrentDictionary<Uri, string> _faults = new();

    /// <summary>The listeners that are not receiving now, with the reason. Empty when all is well.</summary>
    public IReadOnlyDictionary<Uri, string> Faults => _faults;

    internal void ReportWell(Uri listener) => _faults.TryRemove(listener, out _);

    internal void ReportFault(Uri listener, string fault) => _faults[listener] = fault;

    internal void Remove(Uri listener) => _faults.TryRemove(listener, out _);
}
