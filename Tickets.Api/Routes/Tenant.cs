using Tickets.Api.Access;
using Tickets.Api.Composition;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>The tenant of a request: from its credential, within which the header selects; or, where nobody has to sign in, from the header.</summary>
/// <param name="Name">A valid name.</param>
public sealed record Tenant(string Name)
{
    /// <summary>Reads it for a route that asks for it.</summary>
    /// <exception cref="InvalidHeaderException">The header is missing, repeated or malformed.</exception>
    /// <exception cref="ForbiddenException">The credential is not for this tenant.</exception>
    public static ValueTask<Tenant> BindAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<ServiceOptions>();
        var caller = options.Access.IsRequired ? Caller.Of(context) : null;
        var name = NameIn(context, options.TenantHeader) ?? caller?.OnlyTenant ?? throw new InvalidHeaderException(
            options.TenantHeader, ProblemCodes.InvalidTenant, $"is required: {TenantName.Rule}");
        return !options.Access.IsRequired || caller?.MayActFor(name) == true
            ? ValueTask.FromResult(new Tenant(name))
            : throw new ForbiddenException(ProblemCodes.TenantForbidden, $"The credential is not for the tenant '{name}'.");
    }

    /// <summary>The tenant that may be charged for a request; null when none can be told.</summary>
    internal static string? Charged(HttpContext context, ServiceOptions options)
    {
        var named = context.Request.Headers[options.TenantHeader] is [{ } name] && TenantName.IsValid(name) ? name : null;
        if (!options.Access.IsRequired)
        {
            return named;
        }

        var caller = Caller.Of(context);
        return named is null ? caller?.OnlyTenant : caller?.MayActFor(named) == true ? named : null;
    }

    private static string? NameIn(HttpContext context, string header) => context.Request.Headers[header] switch
    {
        { Count: 0 } => null,
        [{ } name] when TenantName.IsValid(name) => name,
        _ => throw new InvalidHeaderException(header, ProblemCodes.InvalidTenant, $"must be one value of {TenantName.Rule}"),
    };
}
