using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Tickets.Handlers.Access;

namespace Tickets.Api.Access;

/// <summary>The door. Where nobody has to sign in, nothing of it is in a request's way but a look at where it comes from.</summary>
internal static class AccessServices
{
    private const string AnyScheme = "bearer";

    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options)
    {
        services.AddSingleton(options);
        if (!options.IsRequired)
        {
            return services;
        }

        var schemes = services.AddAuthentication(AnyScheme).AddPolicyScheme(AnyScheme, null, any => any.ForwardDefaultSelector = context => SchemeOf(context, options));
        if (options.ApiKeys)
        {
            schemes.AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Name, null);
        }

        if (options.Jwt is { } jwt)
        {
            schemes.AddJwtBearer(JwtAuthentication.Name, bearer => JwtAuthentication.Configure(bearer, jwt));
        }

        // A route that says nothing is shut.
        services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder(AnyScheme).RequireAuthenticatedUser().AddRequirements(new NeededScopeHandler.Requirement()).Build());
        return services
            .AddSingleton<IAuthorizationHandler, NeededScopeHandler>()
            .AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedRequests>();
    }

    public static void UseAccess(this WebApplication app, AccessOptions options)
    {
        if (options.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders(ForwardedBy(options.TrustedProxies));
        }

        if (options.IsRequired)
        {
            app.UseAuthentication();
            app.UseAuthorization();
        }
        else if (options.IsLocal)
        {
            app.UseLocalRequestsOnly();
        }
    }

    /// <summary>What a route needs, where everybody has to sign in.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder routes, string scope)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new NeededScope(scope));

    private static string SchemeOf(HttpContext context, AccessOptions options)
    {
        var isKey = BearerToken.Of(context.Request)?.StartsWith(ApiKeySecret.Prefix, StringComparison.Ordinal) ?? options.ApiKeys;
        return options.Jwt is null || (isKey && options.ApiKeys) ? ApiKeyAuthentication.Name : JwtAuthentication.Name;
    }

    private static ForwardedHeadersOptions ForwardedBy(IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            forwarded.KnownIPNetworks.Add(proxy);
        }

        return forwarded;
    }
}
