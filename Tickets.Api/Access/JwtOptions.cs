using Microsoft.IdentityModel.Tokens;

namespace Tickets.Api.Access;

/// <summary>Which JSON Web Tokens (RFC 7519) are taken.</summary>
/// <param name="Issuer">Who must have issued them.</param>
/// <param name="Audience">For whom they must be.</param>
/// <param name="Keys">The keys that sign them; empty when the issuer's are asked for.</param>
/// <param name="KeysUrl">Where the issuer's keys are (RFC 7517); null when its discovery document tells.</param>
/// <param name="TenantsClaim">The claim that names the tenants. Default <c>tenants</c>.</param>
/// <param name="ScopesClaim">The claim that names the scopes. Default <c>scope</c>.</param>
public sealed record JwtOptions(
    string Issuer, string Audience, IReadOnlyList<SecurityKey> Keys, Uri? KeysUrl, string TenantsClaim, string ScopesClaim)
{
    /// <summary>Asymmetric ones alone: with a shared secret, whoever can check a token could make one.</summary>
    public static readonly IReadOnlyList<string> Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>How far the clocks of the issuer and of this machine may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
}
