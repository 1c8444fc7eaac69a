using NATS.Client.Core;
using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// The headers of a dead letter: its own, and those of its message as far as the client can write them and there is room. A
/// stranger's header must not keep the letter from being stored, nor may what is told of it when its body leaves little room.
/// </summary>
internal sealed class LetterHeaders
{
    private const int LongestName = 128;
    private const int MostNamed = 20;

    // What is smaller may be what makes the message readable.
    private const int Large = 1024;

    // The protocol's version, and the empty line at the end.
    private const int Frame = 12;

    // A colon, a space and the line's end.
    private const int Separators = 4;

    private readonly NatsHeaders _own = [];
    private readonly PriorityQueue<(string Name, string Value), int> _told = new();
    private readonly PriorityQueue<(string Name, string Value), int> _originals = new();
    private readonly List<string> _dropped = [];
    private int _originalBytes;
    private int _toldBytes;
    private int _named = MostNamed;

    /// <summary>How many bytes they take.</summary>
    public int Size => Frame + _originalBytes + _toldBytes + _own.Sum(header => SizeOf(header.Key, header.Value.ToString()))
        + (_dropped.Count == 0 ? 0 : SizeOf(DeadLetterHeaders.Dropped, Dropped));

    private string Dropped
    {
        get
        {
            var names = string.Join(", ", _dropped.Take(_named));
            return HeaderValue.Encode(
                _dropped.Count <= _named ? names : _named == 0 ? $"{_dropped.Count} headers" : $"{names} and {_dropped.Count - _named} more");
        }
    }

    /// <summary>Sets one without which nobody knows what the letter is.</summary>
    public void Set(string name, string value) => _own[name] = value;

    /// <summary>Sets one that helps whoever reads the letter, and is left out when there is no room; the reason last.</summary>
    public void Tell(string name, string value)
    {
        _told.Enqueue((name, value), name == DeadLetterHeaders.Reason ? 0 : -SizeOf(name, value));
        _toldBytes += SizeOf(name, value);
    }

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

    /// <summary>
    /// Drops one by one until they take no more than so many bytes: large ones of the message, what is told when that is enough, the rest of
    /// the message's, and the names of those.
    /// </summary>
    /// <returns>Whether any was dropped.</returns>
    public bool ShrinkTo(int bytes)
    {
        var isAnyDropped = false;
        while (Size > bytes && DropNext(bytes))
        {
            isAnyDropped = true;
        }

        return isAnyDropped;
    }

    /// <summary>All of them, to be published.</summary>
    public NatsHeaders ToNats()
    {
        var headers = new NatsHeaders();
        foreach (var (name, value) in _originals.UnorderedItems.Concat(_told.UnorderedItems).Select(header => header.Element))
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

    private bool DropNext(int bytes)
    {
        var isLarge = _originals.TryPeek(out _, out var negative) && -negative > Large;
        if (!isLarge && Size - _toldBytes <= bytes && _told.TryDequeue(out var told, out _))
        {
            _toldBytes -= SizeOf(told.Name, told.Value);
        }
        else if (_originals.TryDequeue(out var original, out negative))
        {
            _originalBytes += negative;
            Drop(original.Name);
        }
        else if (_told.TryDequeue(out told, out _))
        {
            _toldBytes -= SizeOf(told.Name, told.Value);
        }
        else
        {
            (var named, _named) = (_named, 0);
            return named > 0 && _dropped.Count > 0;
        }

        return true;
    }

    private static int SizeOf(string name, string value) => name.Length + value.Length + Separators;

    private void Drop(string name) => _dropped.Add(name.Length <= LongestName ? name : name[..LongestName]);
}
