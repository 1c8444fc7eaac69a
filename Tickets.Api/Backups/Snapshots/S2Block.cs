using System.Buffers.Binary;

namespace Tickets.Api.Backups.Snapshots;

/// <summary>Decompresses a block of S2, the extension of Snappy that nats-server compresses snapshots with.</summary>
internal static class S2Block
{
    private const int LongestLiteralInTag = 60;
    private const int LargestBlock = 4 * 1024 * 1024;

    /// <summary>The content of a block: its length as a varint, then literals and copies of what came before.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> block)
    {
        try
        {
            var length = ReadLength(ref block);
            return length <= LargestBlock ? Decode(block, new byte[length]) : throw new InvalidDataException("an S2 block is too large");
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("an S2 block is damaged", e);
        }
    }

    private static byte[] Decode(ReadOnlySpan<byte> block, byte[] content)
    {
        var (written, offset) = (0, 0);
        while (block.Length > 0)
        {
            var kind = block[0] & 3;
            if (kind == 0)
            {
                var literal = ReadLiteral(ref block);
                literal.CopyTo(content.AsSpan()[written..(written + literal.Length)]);
                written += literal.Length;
                continue;
            }

            var length = kind == 1 ? ReadNear(ref block, ref offset) : ReadFar(ref block, kind, out offset);
            ArgumentOutOfRangeException.ThrowIfLessThan(offset, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, written);

            // The copy may overlap what it makes.
            for (var end = written + length; written < end; written++)
            {
                content[written] = content[written - offset];
            }
        }

        return written == content.Length ? content : throw new InvalidDataException("an S2 block is too short");
    }

    private static ReadOnlySpan<byte> ReadLiteral(ref ReadOnlySpan<byte> block)
    {
        var length = block[0] >> 2;
        var more = Math.Max(length - LongestLiteralInTag + 1, 0);
        length = (more == 0 ? length : Read(block[1..], more)) + 1;
        var literal = block.Slice(1 + more, length);
        block = block[(1 + more + length)..];
        return literal;
    }

    // An offset of 0 repeats the last one; then some lengths stand for more bytes of length.
    private static int ReadNear(ref ReadOnlySpan<byte> block, ref int offset)
    {
        var (near, length) = (((block[0] & 0xE0) << 3) | block[1], (block[0] >> 2) & 7);
        var more = near == 0 ? Math.Max(length - 4, 0) : 0;
        var added = more switch { 1 => 4, 2 => 1 << 8, 3 => 1 << 16, _ => 0 };
        length = more == 0 ? length : Read(block[2..], more) + added;
        offset = near == 0 ? offset : near;
        block = block[(2 + more)..];
        return length + 4;
    }

    private static int ReadFar(ref ReadOnlySpan<byte> block, int kind, out int offset)
    {
        var width = kind == 2 ? 2 : 4;
        var length = (block[0] >> 2) + 1;
        offset = Read(block[1..], width);
        block = block[(1 + width)..];
        return length;
    }

    private static int Read(ReadOnlySpan<byte> bytes, int width)
    {
        Span<byte> four = stackalloc byte[4];
        four.Clear();
        bytes[..width].CopyTo(four);
        return BinaryPrimitives.ReadInt32LittleEndian(four);
    }

    private static int ReadLength(ref ReadOnlySpan<byte> block)
    {
        var (length, shift) = (0, 0);
        byte next;
        do
        {
            next = block[0];
            length |= (next & 0x7F) << shift;
            shift += 7;
            block = block[1..];
        }
        while (next >= 0x80 && shift < 32);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return length;
    }
}
