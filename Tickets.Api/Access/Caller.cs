using Microsoft.AspNetCore.Http.Features.Authentication;
using Tickets.Contracts;
using Tickets.Handlers.Access;

namespace Tickets.Api.Access;

/// <summary>Who sends a request, by a credential that was checked.</summary>
/// <param name="Credential">The credential, for good: no other has this identity.</param>
/// <param name="Name">Who acts, in the audit trail.</param>
/// <param name="Scopes">What the credential is good for.</param>
/// <param name="Tenants">For whom; <c>*</c> for all.</param>
internal sealed record Caller(string Credential, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Tenants)
{
    /// <summary>From when on the credential is good no more; null when that is not known.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The API key that was shown; null for another credential.</summary>
    public ApiKeySecret? Key { get; init; }

    /// <summary>Stands for all tenants.</summary>
    public const string Everybody = "*";

    /// <summary>Whether a name can stand in headers, logs and records.</summary>
    public static bool IsName(string? name) => CommandHeaders.IsActor(name);

    /// <summary>Whether a tenant can be named in a credential.</summary>
    public static bool IsTenant(string name) => name == Everybody || TenantName.IsValid(name);

    /// <summary>The request's; null while nobody has shown who they are.</summary>
    /// <remarks>Not by <see cref="HttpContext.User"/>: where nobody signs in, asking for it makes one.</remarks>
    public static Caller? Of(HttpContext context) => (context.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity as CallerIdentity)?.Caller;

    /// <summary>Whether it may do what needs a scope.</summary>
    public bool Has(string scope) => scope.Length == 0 || Scopes.Contains(scope) || Scopes.Contains(Access.Scopes.Operator);

    /// <summary>Whether it may act for a tenant.</summary>
    public bool MayActFor(string tenant) => Tenants.Contains(tenant) || Tenants.Contains(Everybody);

    /// <summary>The one tenant it acts for when none is named; null when that can't be told.</summary>
    public string? OnlyTenant => Tenants is [var only] && only != Everybody ? only : null;
}
