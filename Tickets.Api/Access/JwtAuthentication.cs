using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Tickets.Api.Access;

/// <summary>Takes JSON Web Tokens as RFC 8725 advises: <c>Authorization: Bearer …</c>.</summary>
internal static class JwtAuthentication
{
    /// <summary>The scheme's name.</summary>
    public const string Name = "jwt";

    private const string Discovery = "/.well-known/openid-configuration";
    private const int LargestKeySet = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Configure(JwtBearerOptions bearer, JwtOptions options)
    {
        bearer.MapInboundClaims = false;
        bearer.IncludeErrorDetails = false;
        bearer.SaveToken = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = JwtOptions.Algorithms,
            IssuerSigningKeys = options.Keys,
            IssuerSigningKeyValidator = (key, _, _) => JwtKeys.IsLongEnough(key),
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = JwtOptions.ClockSkew,
        };
        if (options.Keys.Count == 0)
        {
            bearer.ConfigurationManager = IssuerKeysOf(options);
        }

        bearer.Events = new JwtBearerEvents { OnTokenValidated = context => Admit(context, options) };
    }

    private static Task Admit(TokenValidatedContext context, JwtOptions options)
    {
        if (CallerOf(context.Principal!, options) is { } caller)
        {
            context.Principal = CallerIdentity.PrincipalOf(caller with { ExpiresAt = EndOf(context.SecurityToken.ValidTo) }, Name);
        }
        else
        {
            context.Fail("The token names no subject, or one that can't be used.");
        }

        return Task.CompletedTask;
    }

    // Null for one that is good for as long as there are times.
    private static DateTimeOffset? EndOf(DateTime validTo) =>
        validTo < DateTime.MaxValue - JwtOptions.ClockSkew ? validTo + JwtOptions.ClockSkew : null;

    private static Caller? CallerOf(ClaimsPrincipal token, JwtOptions options) =>
        token.FindFirstValue(JwtRegisteredClaimNames.Sub) is { } subject && Caller.IsName(subject)
            ? new Caller($"{Name}:{options.Issuer}:{subject}", subject, Values(token, options.ScopesClaim), [.. Values(token, options.TenantsClaim).Where(Caller.IsTenant)])
            : null;

    // One text with blanks between (RFC 8693, section 4.2), or a list.
    private static string[] Values(ClaimsPrincipal token, string claim) =>
        [.. token.FindAll(claim).SelectMany(found => found.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static IssuerKeys IssuerKeysOf(JwtOptions options)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = LargestKeySet,
        };
        var url = options.KeysUrl ?? new Uri(options.Issuer.TrimEnd('/') + Discovery);
        var documents = new HttpDocumentRetriever(http) { RequireHttps = !url.IsLoopback };
        return new IssuerKeys(new ConfigurationManager<OpenIdConnectConfiguration>(
            url.ToString(), options.KeysUrl is null ? new OpenIdConnectConfigurationRetriever() : new KeySetRetriever(), documents));
    }

    private sealed class KeySetRetriever : IConfigurationRetriever<OpenIdConnectConfiguration>
    {
        public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
        {
            var configuration = new OpenIdConnectConfiguration { JsonWebKeySet = new JsonWebKeySet(await retriever.GetDocumentAsync(address, cancel)) };
            foreach (var key in configuration.JsonWebKeySet.GetSigningKeys())
            {
                configuration.SigningKeys.Add(key);
            }

            return configuration;
        }
    }
}
