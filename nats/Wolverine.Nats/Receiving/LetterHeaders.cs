using NATS.Client.Core;
using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// The headers of a dead letter: its own, and those of its message as far as the client can write them and there is room. A
/// stranger's header must not keep the letter from being stored.
/// </summary>
internal sealed class LetterHeaders
{
    private const int LongestName = 128;
    private const int MostNamed = 20;

    // The protocol's version, and the empty line at the end.
    private const int Frame = 12;

    // A colon, a space and the line's end.
    private const int Separators = 4;

    private readonly NatsHeaders _own = [];
    private readonly PriorityQueue<(string Name, string Value), int> _originals = new();
    private readonly List<string> _dropped = [];
    private int _originalBytes;

    /// <summary>How many bytes they take.</summary>
    public int Size => Frame + _originalBytes + _own.Sum(header => SizeOf(header.Key, header.Value.ToString()))
        + (_dropped.Count == 0 ? 0 : SizeOf(DeadLetterHeaders.Dropped, Dropped));

    private string Dropped
    {
        get
        {
            var names = string.Join(", ", _dropped.Take(MostNamed));
            return HeaderValue.Encode(_dropped.Count <= MostNamed ? names : $"{names} and {_dropped.Count - MostNamed} more");
        }
    }

    /// <summary>Sets one of the letter's own.</summary>
    public void Set(string name, string value) => _own[name] = value;

    /// <summary>Takes over the message's, but for those that only a publisher or a letter may write.</summary>
    public void Keep(NatsHeaders originals)
    {
        foreach (var (name, values) in originals)
        {
            if (!OutgoingHeaders.IsWritable(name))
            {
                Drop(name);
            }
            else if (!OutgoingHeaders.IsReserved(name) && !name.StartsWith(DeadLetterHeaders.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                var value = HeaderValue.Copy(values.ToString());
                _originals.Enqueue((name, value), -SizeOf(name, value));
                _originalBytes += SizeOf(name, value);
            }
        }
    }

    /// <summary>Drops the message's largest, one by one, until they take no more than so many bytes.</summary>
    /// <returns>Whether any was dropped.</returns>
    public bool ShrinkTo(int bytes)
    {
        var before = _originals.Count;
        while (Size > bytes && _originals.TryDequeue(out var largest, out var size))
        {
            _originalBytes += size;
            Drop(largest.Name);
        }

        return _originals.Count < before;
    }

    /// <summary>All of them, to be published.</summary>
    public NatsHeaders ToNats()
    {
        var headers = new NatsHeaders();
        foreach (var (name, value) in _originals.UnorderedItems.Select(original => original.Element))
        {
            headers[name] = value;
        }

        foreach (var (name, value) in _own)
        {
            headers[name] = value;
        }

        if (_dropped.Count > 0)
        {
            headers[DeadLetterHeaders.Dropped] = Dropped;
        }

        return headers;
    }

    private static int SizeOf(string name, string value) => name.Length + value.Length + Separators;

    private void Drop(string name) => _dropped.Add(name.Length <= LongestName ? name : name[..LongestName]);
}
