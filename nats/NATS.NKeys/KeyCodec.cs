using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NATS.NKeys;

/// <summary>
/// Encodes keys as the NKeys specification does: prefix, 32 bytes, and a CRC-16 in little endian, all in base32. A
/// seed has two prefix bytes, the second kind folded into the lowest three bits of the first.
/// </summary>
internal static class KeyCodec
{
    public const int KeyLength = 32;
    private const int ChecksumLength = 2;
    private const int KindMask = 0xF8;

    public static string EncodePublic(PrefixByte kind, ReadOnlySpan<byte> key) => Encode([(byte)kind], key);

    public static string EncodeSeed(PrefixByte kind, ReadOnlySpan<byte> seed) =>
        Encode([(byte)((byte)PrefixByte.Seed | ((byte)kind >> 5)), (byte)(((byte)kind & 31) << 3)], seed);

    /// <exception cref="NKeysException">It is no public key.</exception>
    public static (PrefixByte Kind, byte[] Key) DecodePublic(ReadOnlySpan<char> text)
    {
        var data = Checked(text, prefixLength: 1);
        var kind = (PrefixByte)data[0];
        return IsPublic(kind)
            ? (kind, data[1..^ChecksumLength])
            : throw new NKeysException("The key is no public key: it must begin with N, C, O, A or U.");
    }

    /// <exception cref="NKeysException">It is no seed.</exception>
    public static (PrefixByte Kind, byte[] Seed) DecodeSeed(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != 'S')
        {
            throw new NKeysException("The seed must begin with S; this looks like another kind of key.");
        }

        var data = Checked(text, prefixLength: 2);
        var kind = (PrefixByte)(((data[0] & ~KindMask) << 5) | ((data[1] & KindMask) >> 3));
        var seed = data[2..^ChecksumLength];
        CryptographicOperations.ZeroMemory(data);
        return IsPublic(kind)
            ? (kind, seed)
            : throw new NKeysException("The seed is of an unknown kind: its second letter must be N, C, O, A or U.");
    }

    private static string Encode(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> key)
    {
        Span<byte> data = stackalloc byte[prefix.Length + key.Length + ChecksumLength];
        prefix.CopyTo(data);
        key.CopyTo(data[prefix.Length..]);
        BinaryPrimitives.WriteUInt16LittleEndian(data[^ChecksumLength..], Crc16.Of(data[..^ChecksumLength]));
        var text = Base32.Encode(data);
        CryptographicOperations.ZeroMemory(data);
        return text;
    }

    private static byte[] Checked(ReadOnlySpan<char> text, int prefixLength)
    {
        var data = Base32.Decode(text);
        var expected = prefixLength + KeyLength + ChecksumLength;
        if (data.Length != expected)
        {
            throw new NKeysException($"The key has {data.Length} bytes, expected {expected}; it may be cut off.");
        }

        return BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(^ChecksumLength..)) == Crc16.Of(data.AsSpan(..^ChecksumLength))
            ? data
            : throw new NKeysException("The key's checksum is wrong; a character may be mistyped.");
    }

    private static bool IsPublic(PrefixByte kind) =>
        kind is PrefixByte.Server or PrefixByte.Cluster or PrefixByte.Operator or PrefixByte.Account or PrefixByte.User;
}
