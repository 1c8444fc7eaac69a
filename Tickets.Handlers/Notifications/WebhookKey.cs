using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tickets.Handlers.Notifications;

/// <summary>
/// The key by which posts are signed (Standard Webhooks 1.0, "Signature scheme"): the bytes behind <c>whsec_</c>, in base64, or the
/// text itself when it does not begin so.
/// </summary>
public sealed class WebhookKey
{
    private const string Prefix = "whsec_";
    private readonly byte[] _bytes;

    private WebhookKey(byte[] bytes) => _bytes = bytes;

    /// <summary>Reads a key; null when what follows its prefix is no base64.</summary>
    public static WebhookKey? Parse(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return new WebhookKey(Encoding.UTF8.GetBytes(secret));
        }

        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) && length > 0 ? new WebhookKey(bytes[..length]) : null;
    }

    /// <summary>The <c>webhook-signature</c> of a post: HMAC-SHA256.</summary>
    /// <param name="id">Its <c>webhook-id</c>.</param>
    /// <param name="sent">Its <c>webhook-timestamp</c>.</param>
    /// <param name="body">Its body.</param>
    public string Sign(string id, DateTimeOffset sent, string body)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{id}.{sent.ToUnixTimeSeconds()}.{body}");
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_bytes, Encoding.UTF8.GetBytes(text)))}";
    }
}
