using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tickets.Tests.Fixtures;

/// <summary>Issues JSON Web Tokens, good ones and such as an attacker would make. Written by hand: libraries refuse the latter.</summary>
/// <param name="rsaBits">How long its RSA key is.</param>
public sealed class TokenIssuer(int rsaBits = 2048) : IDisposable
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "tickets";

    private readonly RSA _rsa = RSA.Create(rsaBits);
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Both public keys, as a file has them.</summary>
    public string PublicPem => $"{_rsa.ExportSubjectPublicKeyInfoPem()}\n{_ecdsa.ExportSubjectPublicKeyInfoPem()}\n";

    /// <summary>The public RSA key alone.</summary>
    public string RsaPem => _rsa.ExportSubjectPublicKeyInfoPem();

    /// <summary>The public keys as a key set.</summary>
    public string KeySet
    {
        get
        {
            var rsa = _rsa.ExportParameters(includePrivateParameters: false);
            return JsonSerializer.Serialize(new
            {
                keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64Url.EncodeToString(rsa.Modulus), e = Base64Url.EncodeToString(rsa.Exponent) } },
            });
        }
    }

    /// <summary>What a good token says.</summary>
    public static Dictionary<string, object?> Claims(string tenant, string scope = "tickets:read tickets:write") => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = "ada",
        ["tenants"] = tenant,
        ["scope"] = scope,
        ["exp"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
    };

    public string Good(string tenant, string scope = "tickets:read tickets:write") => Sign(Claims(tenant, scope));

    public string Sign(Dictionary<string, object?> claims) =>
        Token("RS256", claims, text => _rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public string SignByEllipticCurve(Dictionary<string, object?> claims) =>
        Token("ES256", claims, text => _ecdsa.SignData(text, HashAlgorithmName.SHA256));

    /// <summary>The classic: the public key, which everybody has, taken for a shared secret.</summary>
    public static string SignByText(Dictionary<string, object?> claims, string secret) =>
        Token("HS256", claims, text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), text));

    public static string Unsigned(Dictionary<string, object?> claims, string algorithm) => Token(algorithm, claims, _ => []);

    public void Dispose()
    {
        _rsa.Dispose();
        _ecdsa.Dispose();
    }

    private static string Token(string algorithm, Dictionary<string, object?> claims, Func<byte[], byte[]> sign)
    {
        var text = $"{Part(new { alg = algorithm, typ = "JWT", kid = "1" })}.{Part(claims)}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
