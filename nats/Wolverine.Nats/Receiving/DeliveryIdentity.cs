using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// The identity of a delivery for good: the publisher's <c>Nats-Msg-Id</c>, or place and time in the stream when it gave
/// none. Every redelivery has the same one.
/// </summary>
public static class DeliveryIdentity
{
    // What the client reads in the place of bytes that are no UTF-8. Ids that differ in those alone look the same.
    private const char Unreadable = '\uFFFD';

    /// <summary>The <see cref="Envelope.Id"/> that a message has when it is delivered.</summary>
    /// <param name="messageId">Its <c>Nats-Msg-Id</c>; null when it has none. One that is no UTF-8 counts as none.</param>
    /// <param name="stream">Its stream.</param>
    /// <param name="sequence">Its sequence there, which a stream that is made again or restored gives to another.</param>
    /// <param name="stored">When the stream took it.</param>
    /// <returns>The message id when it is a UUID, else a UUID made of what there is.</returns>
    public static Guid Of(string? messageId, string stream, ulong sequence, DateTimeOffset stored) =>
        string.IsNullOrEmpty(messageId) || messageId.Contains(Unreadable, StringComparison.Ordinal) ? FromText($"{stream}:{sequence}:{stored.ToUnixTimeMilliseconds()}") : Of(messageId);

    /// <summary>The <see cref="Envelope.Id"/> of a message that has a <c>Nats-Msg-Id</c>.</summary>
    /// <param name="messageId">The id.</param>
    /// <returns>The message id when it is a UUID, else a UUID made of it.</returns>
    public static Guid Of(string messageId) => Guid.TryParse(messageId, out var id) ? id : FromText(messageId);

    /// <summary>The <see cref="Envelope.Id"/> that a message had before it was given up.</summary>
    /// <param name="letter">The dead letter, with its <see cref="DeadLetterHeaders"/>.</param>
    public static Guid OfDeadLetter(NatsMessage letter)
    {
        var messageId = letter.Header(DeadLetterHeaders.MessageId);
        var stream = letter.Header(DeadLetterHeaders.Stream) ?? string.Empty;
        _ = ulong.TryParse(letter.Header(DeadLetterHeaders.Sequence), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence);
        return DateTimeOffset.TryParse(letter.Header(DeadLetterHeaders.Stored), CultureInfo.InvariantCulture, out var stored)
            ? Of(messageId, stream, sequence, stored)
            : Of(string.IsNullOrEmpty(messageId) ? $"{stream}:{sequence}" : messageId);
    }

    /// <summary>The identity of a CloudEvent, which source and id make together (CloudEvents 1.0.2, section 3.1).</summary>
    internal static Guid OfEvent(string source, string id) => Guid.TryParse(id, out var guid) ? guid : FromText($"{source} {id}");

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
