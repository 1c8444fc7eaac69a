using System.Collections.Concurrent;

namespace Wolverine.Nats.Receiving;

/// <summary>Whether the JetStream listeners are receiving, which an open socket does not tell.</summary>
public sealed class ListenerHealth
{
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);

    /// <summary>The listeners that are not receiving now, with the reason. Empty when all is well.</summary>
    public IReadOnlyDictionary<string, string> Faults => _faults;

    internal void ReportWell(string listener) => _faults.TryRemove(listener, out _);

    internal void ReportFault(string listener, string fault) => _faults[listener] = fault;
}
