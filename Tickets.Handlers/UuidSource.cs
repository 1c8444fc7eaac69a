using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tickets.Handlers;

/// <summary>
/// Makes UUIDs of version 7 (RFC 9562, 5.7), as <see cref="Guid.CreateVersion7(DateTimeOffset)"/> does, which asks the system for
/// the random bits of each: a system call, of which a command would make five.
/// </summary>
internal static class UuidSource
{
    private const int Size = 16;
    private const int Stock = 256;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>A new one.</summary>
    /// <param name="time">What it sorts by, in milliseconds.</param>
    public static Guid Next(DateTimeOffset time)
    {
        var random = _random ??= new byte[Stock * Size];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = Stock;
        }

        var id = random.AsSpan(--_left * Size, Size);
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)(time.ToUnixTimeMilliseconds() >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(id[2..], (uint)time.ToUnixTimeMilliseconds());
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
