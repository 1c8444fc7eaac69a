using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using NATS.NKeys;

namespace NatsServers;

/// <summary>An operator with one account and one user, as JWTs of NATS (version 2, ADR-14), and the server's configuration for them.</summary>
public sealed class JwtAccount : IDisposable
{
    private readonly KeyPair _operator = KeyPair.CreatePair(PrefixByte.Operator);
    private readonly KeyPair _system = KeyPair.CreatePair(PrefixByte.Account);
    private readonly KeyPair _account = KeyPair.CreatePair(PrefixByte.Account);
    private readonly KeyPair _user = KeyPair.CreatePair(PrefixByte.User);

    /// <summary>What the server must have in its configuration.</summary>
    public string ServerConfiguration => $$"""
        operator: {{Jwt(_operator, _operator, new { type = "operator", version = 2 })}}
        system_account: {{_system.GetPublicKey()}}
        resolver: MEMORY
        resolver_preload: {
          {{_system.GetPublicKey()}}: {{AccountJwt(_system, storage: 0)}}
          {{_account.GetPublicKey()}}: {{AccountJwt(_account, storage: -1)}}
        }
        """;

    /// <summary>The text of the user's <c>.creds</c> file, signed by the account, or by a key that the server does not know.</summary>
    public string Credentials(bool forged = false)
    {
        using var stranger = KeyPair.CreatePair(PrefixByte.Account);
        return $"""
            -----BEGIN NATS USER JWT-----
            {Jwt(forged ? stranger : _account, _user, new { type = "user", version = 2, subs = -1, data = -1, payload = -1 })}
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            {_user.GetSeed()}
            ------END USER NKEY SEED------

            """;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        _operator.Dispose();
        _system.Dispose();
        _account.Dispose();
        _user.Dispose();
    }

    private string AccountJwt(KeyPair account, int storage) => Jwt(_operator, account, new
    {
        type = "account",
        version = 2,
        limits = new
        {
            subs = -1,
            data = -1,
            payload = -1,
            imports = -1,
            exports = -1,
            wildcards = true,
            conn = -1,
            leaf = -1,
            mem_storage = storage,
            disk_storage = storage,
            streams = -1,
            consumer = -1,
        },
    });

    private static string Jwt(KeyPair issuer, KeyPair subject, object nats)
    {
        var claims = new { jti = Guid.NewGuid(), iat = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), iss = issuer.GetPublicKey(), sub = subject.GetPublicKey(), nats };
        var content = $"{Part(new { typ = "JWT", alg = "ed25519-nkey" })}.{Part(claims)}";
        var signature = new byte[64];
        issuer.Sign(Encoding.ASCII.GetBytes(content), signature);
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(object json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
