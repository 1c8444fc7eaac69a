using System.Globalization;
using System.Threading.RateLimiting;
using Tickets.Api.Composition;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>
/// Lets each tenant send so many requests a minute, when a limit is set, and tells what is left (IETF draft
/// httpapi-ratelimit-headers).
/// </summary>
internal static class RateLimits
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void UseRateLimits(this IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<ServiceOptions>();
        if (options.RequestsPerMinute is not { } limit)
        {
            return;
        }

        var limiter = LimiterOf(limit, options);
        app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(limiter.Dispose);
        app.Use((context, next) => HttpApi.Has(context.Request.Path) ? LimitAsync(context, next, limiter, limit) : next(context));
    }

    private static PartitionedRateLimiter<HttpContext> LimiterOf(int limit, ServiceOptions options) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetFixedWindowLimiter(
            Tenant.Charged(context, options) ?? string.Empty,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = Window, QueueLimit = 0 }));

    private static async Task LimitAsync(HttpContext context, RequestDelegate next, PartitionedRateLimiter<HttpContext> limiter, int limit)
    {
        using var lease = limiter.AttemptAcquire(context);
        var left = limiter.GetStatistics(context)?.CurrentAvailablePermits ?? 0;

        // When the answer starts: faults clear what was set before.
        context.Response.OnStarting(() => TellAsync(context.Response.Headers, limit, left));
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        await Problems.TooMany(context.Response, lease, Window, ProblemCodes.RateLimited, $"The tenant may send {limit} requests a minute; try again later.")
            .ExecuteAsync(context);
    }

    private static Task TellAsync(IHeaderDictionary headers, int limit, long left)
    {
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"tenant\";q={limit};w={Window.TotalSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"tenant\";r={left}");
        return Task.CompletedTask;
    }
}
