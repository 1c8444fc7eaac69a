using Tickets.Api.Composition;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>The tenant of a request, from its header.</summary>
/// <param name="Name">A valid name.</param>
public sealed record Tenant(string Name)
{
    /// <summary>Reads it for a route that asks for it.</summary>
    /// <exception cref="InvalidHeaderException">The header is missing, repeated or malformed.</exception>
    public static ValueTask<Tenant> BindAsync(HttpContext context)
    {
        var header = context.RequestServices.GetRequiredService<ServiceOptions>().TenantHeader;
        var values = context.Request.Headers[header];
        return values.Count == 1 && TenantName.IsValid(values[0])
            ? ValueTask.FromResult(new Tenant(values[0]!))
            : throw new InvalidHeaderException(
                header, "invalid_tenant", values.Count == 0 ? $"is required: {TenantName.Rule}" : $"must be one value of {TenantName.Rule}");
    }
}
