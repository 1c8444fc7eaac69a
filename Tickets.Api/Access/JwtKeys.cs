using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Tickets.Api.Access;

/// <summary>Reads the public keys that tokens are signed with.</summary>
internal static class JwtKeys
{
    private const int SmallestRsa = 2048;
    private const string PublicKey = "PUBLIC KEY";

    /// <summary>Reads PEM (RFC 7468, <c>BEGIN PUBLIC KEY</c>) or a key set (RFC 7517).</summary>
    /// <exception cref="FormatException">It is neither, or has a key that must not be there; the message has no key.</exception>
    public static IReadOnlyList<SecurityKey> Parse(string text)
    {
        IReadOnlyList<SecurityKey> keys = text.TrimStart().StartsWith('{') ? [.. SetOf(text)] : [.. PemsOf(text)];
        return keys.Count > 0 ? keys : throw new FormatException("write at least one public key");
    }

    /// <summary>Whether it is long enough to believe what it has signed (RFC 8725, section 3.2; NIST SP 800-131A).</summary>
    public static bool IsLongEnough(SecurityKey key) => IsOfCurve(key) || key.KeySize >= SmallestRsa;

    private static IEnumerable<SecurityKey> SetOf(string json)
    {
        JsonWebKeySet set;
        try
        {
            set = new JsonWebKeySet(json);
        }
        catch (Exception e) when (e is ArgumentException or System.Text.Json.JsonException)
        {
            throw new FormatException("write a JSON Web Key Set: {\"keys\": […]}");
        }

        foreach (var key in set.Keys)
        {
            yield return key.HasPrivateKey || key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve)
                ? throw new FormatException("only public keys belong here, of the types RSA and EC")
                : Checked(key);
        }
    }

    private static IEnumerable<SecurityKey> PemsOf(string text)
    {
        var rest = text;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] != PublicKey)
            {
                throw new FormatException($"only PEM blocks 'BEGIN {PublicKey}' belong here");
            }

            yield return KeyOf(rest[fields.Location]);
            rest = rest[fields.Location.End..];
        }
    }

    private static SecurityKey KeyOf(string pem)
    {
        try
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return Checked(new RsaSecurityKey(rsa));
        }
        catch (CryptographicException)
        {
            // The other type.
        }

        try
        {
            var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return new ECDsaSecurityKey(ecdsa);
        }
        catch (CryptographicException)
        {
            throw new FormatException("a public key is neither RSA nor of an elliptic curve");
        }
    }

    private static SecurityKey Checked(SecurityKey key) =>
        IsLongEnough(key) ? key : throw new FormatException($"an RSA key has {key.KeySize} bits; it must have {SmallestRsa}");

    private static bool IsOfCurve(SecurityKey key) => key is ECDsaSecurityKey or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve };
}
