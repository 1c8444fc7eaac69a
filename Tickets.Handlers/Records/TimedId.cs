using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tickets.Handlers.Records;

/// <summary>Ids that begin with the time at which they were made: UUIDs of version 7 (RFC 9562, section 5.7).</summary>
public static class TimedId
{
    private const int Version = 7;
    private const int TimeBits = 48;
    private const int Size = 16;
    private const int Stock = 256;

    private static readonly long End = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>When the id was made, to the millisecond; null when it is of another version, or of a time beyond the year 9999.</summary>
    public static DateTimeOffset? TimeOf(Guid id) =>
        id.Version == Version && Convert.ToInt64(id.ToString("N")[..(TimeBits / 4)], 16) is var milliseconds && milliseconds < End
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    /// <summary>An id before all that are made at a time or later, and after all that were made before it.</summary>
    /// <param name="milliseconds">Since 1970; what is negative counts as none.</param>
    internal static Guid LowestOf(long milliseconds)
    {
        Span<byte> id = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(id, Math.Max(milliseconds, 0) << (sizeof(long) * 8 - TimeBits));
        return new Guid(id, bigEndian: true);
    }

    /// <summary>A new one, of now.</summary>
    public static Guid New() => New(DateTimeOffset.UtcNow);

    /// <summary>A new one. <see cref="Guid.CreateVersion7(DateTimeOffset)"/> makes a system call for each, and a command needs five.</summary>
    /// <param name="time">What it sorts by, in milliseconds.</param>
    internal static Guid New(DateTimeOffset time)
    {
        var random = _random ??= new byte[Stock * Size];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = Stock;
        }

        var id = random.AsSpan(--_left * Size, Size);
        var milliseconds = time.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)(milliseconds >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(id[2..], (uint)milliseconds);
        id[6] = (byte)((id[6] & 0x0F) | (Version << 4));
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
