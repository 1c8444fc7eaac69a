using System.Security.Claims;

namespace Tickets.Api.Access;

/// <summary>A caller as ASP.NET Core knows identities.</summary>
internal sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity([new Claim(DefaultNameClaimType, caller.Name)], scheme)
{
    /// <summary>Who it is.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>As the request's user.</summary>
    public static ClaimsPrincipal PrincipalOf(Caller caller, string scheme) => new(new CallerIdentity(caller, scheme));
}
