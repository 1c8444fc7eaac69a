using System.Buffers;
using System.Text;
using NATS.Client.Core;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Headers that the client refuses, all of them for one line that is none. The server stores them, and finds its own among them.
/// </summary>
internal static class RefusedHeaders
{
    private const int LongestName = 128;
    private static readonly byte[] Version = "NATS/1.0\r\n"u8.ToArray();

    /// <summary>Replaces what the client has read before it stopped by the lines that can be read.</summary>
    /// <param name="headers">What the client has read.</param>
    /// <param name="block">As they came.</param>
    /// <param name="parser">The client's.</param>
    public static void ReadInto(NatsHeaders headers, byte[] block, NatsHeaderParser parser)
    {
        // All at once: for each line that the parser refuses it throws, and a message has room for thousands.
        byte[] readable = [.. Version, .. Lines(block).Where(IsHeader).SelectMany(line => line.ToArray())];
        headers.Clear();
        try
        {
            _ = parser.ParseHeaders(new SequenceReader<byte>(new ReadOnlySequence<byte>(readable)), headers);
        }
#pragma warning disable CA1031 // Whatever the client's encoding makes of a value: the message must come through.
        catch (Exception)
#pragma warning restore CA1031
        {
            headers.Clear();
        }
    }

    /// <summary>What is wrong with them, in one line. Of the headers it tells no more than a name: a value may be secret.</summary>
    /// <param name="error">That of the message; null when it has none.</param>
    /// <returns>Null when nothing is.</returns>
    public static string? ReasonOf(NatsException? error)
    {
        if (error is not NatsHeaderParseException { RawData: var block })
        {
            return error is null ? null : $"it can't be read: {error.Message}";
        }

        var number = 1;
        foreach (var line in Lines(block))
        {
            number++;
            if (!IsEnded(line))
            {
                return $"its headers can't be read: line {number} has no end";
            }

            if (!IsHeader(line))
            {
                return $"its headers can't be read: line {number}{NameIn(line.Span)} does not begin with a name without blanks and a colon";
            }
        }

        return $"its headers can't be read: {error.InnerException?.Message}";
    }

    // Those after the version, each with its end; without the empty one.
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> block)
    {
        for (var isFirst = true; block.Length > 0; isFirst = false)
        {
            var end = block.Span.IndexOf("\r\n"u8);
            var length = end < 0 ? block.Length : end + 2;
            if (!isFirst && end != 0)
            {
                yield return block[..length];
            }

            block = block[length..];
        }
    }

    private static bool IsEnded(ReadOnlyMemory<byte> line) => line.Span.EndsWith("\r\n"u8);

    // As the client's parser sees it.
    private static bool IsHeader(ReadOnlyMemory<byte> line)
    {
        var end = line.Span.IndexOfAny(": \t"u8);
        return IsEnded(line) && end > 0 && line.Span[end] == ':';
    }

    private static string NameIn(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon < 0 ? string.Empty : $" ('{Encoding.UTF8.GetString(line[..Math.Min(colon, LongestName)])}')";
    }
}
