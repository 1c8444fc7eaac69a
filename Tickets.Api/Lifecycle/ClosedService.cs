using Tickets.Api.Routes;

namespace Tickets.Api.Lifecycle;

/// <summary>Refuses requests before everything has started and while it is stopped. Health and metrics answer all the time.</summary>
internal static class ClosedService
{
    public static void UseClosedService(this IApplicationBuilder app)
    {
        var start = app.ApplicationServices.GetRequiredService<ServiceStart>();
        app.Use((context, next) => start.IsOpen || IsAlwaysAnswered(context.Request.Path)
            ? next(context)
            : Problems.Closed(context.Response, start.ClosedBecause).ExecuteAsync(context));
    }

    private static bool IsAlwaysAnswered(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/metrics", StringComparison.Ordinal);
}
