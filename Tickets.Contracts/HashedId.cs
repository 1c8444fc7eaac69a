using System.Security.Cryptography;
using System.Text;

namespace Tickets.Contracts;

/// <summary>Identities that follow from a text: the same text has the same one, always.</summary>
public static class HashedId
{
    private const int Version = 8;
    private const byte Variant = 0x80;

    /// <summary>A UUID of version 8 (RFC 9562, section 5.8) made of the first 122 bits of the text's SHA-256: whoever knows the text knows it.</summary>
    public static Guid Of(string text) => Of(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>As <see cref="Of(string)"/>, of the text's HMAC-SHA256 (RFC 2104): only who has the secret as well can work it out.</summary>
    public static Guid Of(string text, byte[] secret) => Of(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether an identity may follow from a text.</summary>
    public static bool IsOne(Guid id) => id.Version == Version;

    private static Guid Of(Span<byte> hash)
    {
        hash[6] = (byte)((hash[6] & 0x0F) | (Version << 4));
        hash[8] = (byte)((hash[8] & 0x3F) | Variant);
        return new Guid(hash[..16], bigEndian: true);
    }
}
