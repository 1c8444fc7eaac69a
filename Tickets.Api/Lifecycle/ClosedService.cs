using Tickets.Api.Access;
using Tickets.Api.Routes;

namespace Tickets.Api.Lifecycle;

/// <summary>Refuses requests before everything has started and while it is stopped. Health and metrics answer all the time.</summary>
internal static class ClosedService
{
    public static void UseClosedService(this IApplicationBuilder app)
    {
        var start = app.ApplicationServices.GetRequiredService<ServiceStart>();

        // Nobody has signed in yet, and the reason tells of the machines behind the service.
        var tellsReason = app.ApplicationServices.GetRequiredService<AccessOptions>().IsLocal;
        app.Use((context, next) => start.IsOpen || IsAlwaysAnswered(context.Request.Path)
            ? next(context)
            : Problems.Closed(context.Response, tellsReason ? start.ClosedBecause : null).ExecuteAsync(context));
    }

    private static bool IsAlwaysAnswered(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/metrics", StringComparison.Ordinal);
}
