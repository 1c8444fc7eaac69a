using System.Security.Cryptography;
using System.Text;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// The identity of a delivery for good: the publisher's <c>Nats-Msg-Id</c>, or the place in the stream when it gave
/// none. Every redelivery has the same one.
/// </summary>
internal static class DeliveryIdentity
{
    public static Guid Of(string? messageId, string stream, ulong sequence)
    {
        var identity = string.IsNullOrEmpty(messageId) ? $"{stream}:{sequence}" : messageId;
        return Guid.TryParse(identity, out var id) ? id : FromText(identity);
    }

    /// <summary>The identity of a CloudEvent, which source and id make together (CloudEvents 1.0.2, section 3.1).</summary>
    public static Guid OfEvent(string source, string id) => Guid.TryParse(id, out var guid) ? guid : FromText($"{source} {id}");

    // A version 8 UUID (RFC 9562, section 5.8) made of the first 122 bits of the text's SHA-256.
    private static Guid FromText(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
