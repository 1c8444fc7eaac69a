namespace Tickets.Api.Lifecycle;

/// <summary>Ends requests that are still being answered when the process has used their share of its time to stop.</summary>
internal static class RequestsAtStop
{
    public static void UseStopLimit(this IApplicationBuilder app)
    {
        var limit = app.ApplicationServices.GetRequiredService<StopLimit>();
        app.Use(async (context, next) =>
        {
            await using var _ = limit.RequestsOver.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
            await next(context);
        });
        limit.Watch();
    }
}
