using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Tickets.Handlers.Access;

namespace Tickets.Api.Access;

/// <summary>Takes API keys: <c>Authorization: Bearer tkt_…</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiKeyRing ring)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string Name = "api_key";

    // A key is read anew with the ring, and its caller with it.
    private static readonly ConditionalWeakTable<ApiKey, ClaimsPrincipal> Callers = [];

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerToken.Of(Request) is not { } text)
        {
            return AuthenticateResult.NoResult();
        }

        return ApiKeySecret.TryParse(text, out var presented) && await ring.FindAsync(presented) is { } key
            ? AuthenticateResult.Success(new AuthenticationTicket(Callers.GetValue(key, _ => PrincipalOf(key, presented)), Name))
            : AuthenticateResult.Fail("The API key is unknown, expired or revoked.");
    }

    private static ClaimsPrincipal PrincipalOf(ApiKey key, ApiKeySecret presented) => CallerIdentity.PrincipalOf(
        new Caller($"{Name}:{key.Id}", key.Name, key.Scopes, key.Tenants) { ExpiresAt = key.ExpiresAt, Key = presented }, Name);
}
