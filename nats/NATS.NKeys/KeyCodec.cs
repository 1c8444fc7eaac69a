using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NATS.NKeys;

/// <summary>
/// Encodes keys as the NKeys specification does: prefix, 32 bytes, and a CRC-16 in little endian, all in base32. A
/// seed has two prefix bytes: the kind's eight bits follow the five bits of <c>S</c>.
/// </summary>
internal static class KeyCodec
{
    public const int KeyLength = 32;
    private const int PublicPrefixLength = 1;
    private const int SeedPrefixLength = 2;
    private const int ChecksumLength = 2;
    private const int SeedMarkMask = 0xF8;

    public static string EncodePublic(PrefixByte kind, ReadOnlySpan<byte> key) => Encode([(byte)kind], key);

    public static string EncodeSeed(PrefixByte kind, ReadOnlySpan<byte> seed) =>
        Encode([(byte)((byte)PrefixByte.Seed | ((byte)kind >> 5)), (byte)((byte)kind << 3)], seed);

    /// <exception cref="NKeysException">It is not a public key.</exception>
    public static PrefixByte DecodePublic(ReadOnlySpan<char> text, Span<byte> key)
    {
        const string What = "public key";
        Span<byte> data = stackalloc byte[PublicPrefixLength + KeyLength + ChecksumLength];
        RequireBase32(text, What);
        if (text[0] is 'S' or 'P')
        {
            throw new NKeysException("This is a secret key, not a public key. Keep it secret and give the public key that belongs to it.");
        }

        Decode(text, data, What);
        RequireKind((PrefixByte)data[0], What);
        data[PublicPrefixLength..^ChecksumLength].CopyTo(key);
        return (PrefixByte)data[0];
    }

    /// <exception cref="NKeysException">It is not a seed.</exception>
    public static PrefixByte DecodeSeed(ReadOnlySpan<char> text, Span<byte> seed)
    {
        const string What = "seed";
        Span<byte> data = stackalloc byte[SeedPrefixLength + KeyLength + ChecksumLength];
        try
        {
            RequireBase32(text, What);
            if (text[0] != 'S')
            {
                throw new NKeysException("This is not a seed: a seed begins with S. A public key or a raw private key can't take its place.");
            }

            Decode(text, data, What);
            var kind = (PrefixByte)((data[0] & ~SeedMarkMask) << 5 | data[1] >> 3);
            RequireKind(kind, What);
            data[SeedPrefixLength..^ChecksumLength].CopyTo(seed);
            return kind;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
    }

    /// <summary>Whether there are key pairs of this kind.</summary>
    public static bool HasPairs(PrefixByte kind) => kind
        is PrefixByte.Operator or PrefixByte.Server or PrefixByte.Cluster or PrefixByte.Account or PrefixByte.User or PrefixByte.Curve;

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

    private static void RequireBase32(ReadOnlySpan<char> text, string what)
    {
        if (text.IsEmpty)
        {
            throw new NKeysException($"The {what} is empty.");
        }

        var invalid = Base32.IndexOfInvalid(text);
        if (invalid >= 0)
        {
            throw new NKeysException(
                $"The {what}'s character {invalid + 1} of {text.Length} is not base32. Allowed are A to Z and 2 to 7, without white space.");
        }
    }

    private static void Decode(ReadOnlySpan<char> text, Span<byte> data, string what)
    {
        var expected = Base32.LengthOf(data.Length);
        if (text.Length != expected)
        {
            var fault = text.Length < expected ? "short" : "long";
            throw new NKeysException($"The {what} is too {fault}: it has {text.Length} characters, not {expected}.");
        }

        var canonical = Base32.Decode(text, data);
        if (!canonical || BinaryPrimitives.ReadUInt16LittleEndian(data[^ChecksumLength..]) != Crc16.Of(data[..^ChecksumLength]))
        {
            throw new NKeysException($"The {what}'s CRC does not match: at least one character was changed. Copy it again.");
        }
    }

    private static void RequireKind(PrefixByte kind, string what)
    {
        if (!HasPairs(kind))
        {
            throw new NKeysException(
                $"The {what} has the unknown prefix {(byte)kind}. Known are operator (O), server (N), cluster (C), account (A), user (U) and curve (X).");
        }
    }
}
