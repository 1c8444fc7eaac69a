using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Tickets.Api.Routes;
using Tickets.Contracts;

namespace Tickets.Api.Access;

/// <summary>
/// Tells who is not let in why, and how often one address is told so in a minute. A good credential is let in from any address:
/// else one client could lock out all that share its proxy.
/// </summary>
internal sealed partial class RefusedRequests(AccessOptions options, ILogger<RefusedRequests> logger)
    : IAuthorizationMiddlewareResultHandler, IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly AuthorizationMiddlewareResultHandler _admit = new();
    private readonly PartitionedRateLimiter<HttpContext> _failures = PartitionedRateLimiter.Create<HttpContext, IPAddress>(
        context => RateLimitPartition.GetFixedWindowLimiter(
            NetworkOf(context.Connection.RemoteIpAddress),
            _ => new FixedWindowRateLimiterOptions { PermitLimit = options.FailuresPerMinute, Window = Window, QueueLimit = 0 }));

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Challenged ? RefuseAsync(context)
        : authorizeResult.Forbidden ? ForbidAsync(context)
        : _admit.HandleAsync(next, context, policy, authorizeResult);

    public void Dispose() => _failures.Dispose();

    private Task RefuseAsync(HttpContext context)
    {
        using var lease = _failures.AttemptAcquire(context);
        if (!lease.IsAcquired)
        {
            return Problems.TooMany(
                context.Response, lease, Window, ProblemCodes.TooManyFailures, "Too many requests of this address had no good credential; try again later.")
                .ExecuteAsync(context);
        }

        var shown = context.Request.Headers.Authorization.Count > 0;
        if (shown)
        {
            LogRefused(logger, context.Connection.RemoteIpAddress);
        }

        context.Response.Headers.WWWAuthenticate = shown ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, ProblemCodes.Unauthenticated, shown
            ? "The credential is unknown, expired, revoked, or not for this service."
            : "Send a credential: Authorization: Bearer, and a token or an API key.").ExecuteAsync(context);
    }

    private static Task ForbidAsync(HttpContext context)
    {
        var scope = NeededScope.Of(context);
        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
        return Problems.Of(StatusCodes.Status403Forbidden, ProblemCodes.InsufficientScope, $"The credential does not have the scope {scope}.").ExecuteAsync(context);
    }

    // Whoever has one address of IPv6 has 2^64 of them.
    private static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            return address?.MapToIPv4() ?? IPAddress.None;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    [LoggerMessage(1050, LogLevel.Information, "A request from {Address} had a credential that is not good")]
    private static partial void LogRefused(ILogger logger, IPAddress? address);
}
