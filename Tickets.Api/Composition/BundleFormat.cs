using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;
using Tickets.Contracts;
using Tickets.Handlers.Units;
using Wolverine.Nats;
using Wolverine.Util;

namespace Tickets.Api.Composition;

/// <summary>
/// How the outbox keeps the messages of a change: for each a line with the wire name of its type and its id, and a line with its body, which
/// as JSON has no line feed of its own.
/// </summary>
internal static class BundleFormat
{
    private const byte Space = (byte)' ';
    private const byte LineFeed = (byte)'\n';
    private const int IdLength = 36;

    private static readonly FrozenDictionary<Type, byte[]> Names = WireNames.Events.ToFrozenDictionary(x => x.Key, x => Encoding.ASCII.GetBytes(x.Value));

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Types =
        WireNames.Events.ToFrozenDictionary(x => x.Value, x => x.Key.ToMessageTypeName(), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int LongestName = WireNames.Events.Values.Max(name => name.Length);

    /// <summary>Writes a bundle.</summary>
    /// <param name="bundle">The messages.</param>
    /// <param name="to">Where to.</param>
    /// <param name="body">Writes the body of a message there.</param>
    public static void Write(EventBundle bundle, IBufferWriter<byte> to, Action<ITicketMessage> body)
    {
        foreach (var (id, message) in bundle.Messages)
        {
            var name = Names[message.GetType()];
            var line = to.GetSpan(name.Length + IdLength + 2);
            name.CopyTo(line);
            line[name.Length] = Space;
            Utf8Formatter.TryFormat(id, line[(name.Length + 1)..], out _);
            line[name.Length + 1 + IdLength] = LineFeed;
            to.Advance(name.Length + IdLength + 2);
            body(message);
            to.Write([LineFeed]);
        }
    }

    /// <summary>Reads a bundle.</summary>
    /// <param name="bundle">What was written.</param>
    /// <exception cref="FormatException">It is none, or has a message that this version does not know.</exception>
    public static IReadOnlyList<MessagePart> Read(ReadOnlyMemory<byte> bundle)
    {
        List<MessagePart> parts = [];
        while (!bundle.IsEmpty)
        {
            var (type, id) = Head(Line(ref bundle).Span);
            parts.Add(new MessagePart(id, type, Line(ref bundle)));
        }

        return parts;
    }

    private static (string Type, Guid Id) Head(ReadOnlySpan<byte> line)
    {
        Span<char> name = stackalloc char[LongestName];
        var end = line.IndexOf(Space);
        return end >= 0
            && Encoding.ASCII.TryGetChars(line[..end], name, out var length)
            && Types.TryGetValue(name[..length], out var type)
            && Utf8Parser.TryParse(line[(end + 1)..], out Guid id, out var read)
            && read == line.Length - end - 1
            ? (type, id)
            : throw new FormatException($"A bundle has a message that this version can't read: '{Encoding.UTF8.GetString(line)}'.");
    }

    private static ReadOnlyMemory<byte> Line(ref ReadOnlyMemory<byte> rest)
    {
        var end = rest.Span.IndexOf(LineFeed);
        if (end < 0)
        {
            throw new FormatException("A bundle ends within a message.");
        }

        var line = rest[..end];
        rest = rest[(end + 1)..];
        return line;
    }
}
