using System.Net;

namespace Tickets.Api.Access;

/// <summary>Who may come in.</summary>
/// <param name="ApiKeys">Whether API keys are taken.</param>
/// <param name="Jwt">Which JSON Web Tokens are taken; null for none.</param>
/// <param name="IsOpenByName">Whether <c>ALLOW_ANONYMOUS=true</c> lets everybody in who can reach the service.</param>
/// <param name="TrustedProxies">Whose <c>X-Forwarded-For</c> is believed. Default: nobody's.</param>
/// <param name="FailuresPerMinute">How many requests of one address may lack a good credential in a minute. Default 60.</param>
public sealed record AccessOptions(
    bool ApiKeys, JwtOptions? Jwt, bool IsOpenByName, IReadOnlyList<IPNetwork> TrustedProxies, int FailuresPerMinute)
{
    /// <summary>Whether everybody has to show who they are.</summary>
    public bool IsRequired => ApiKeys || Jwt is not null;

    /// <summary>Whether nobody has to, because only programs of this machine can reach the service.</summary>
    public bool IsLocal => !IsRequired && !IsOpenByName;
}
