using Tickets.Api.Routes;

namespace Tickets.Api.Admission;

/// <summary>Refuses requests over HTTP that there is no place for, before anything of their body is read.</summary>
internal static class AdmittedRequests
{
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddAdmission(this IServiceCollection services, Composition.ServiceOptions options) => services
        .AddSingleton(options.Capacity)
        .AddSingleton<Capacity>()
        .AddSingleton<ShedRequests>();

    public static void UseAdmission(this IApplicationBuilder app)
    {
        var capacity = app.ApplicationServices.GetRequiredService<Capacity>();
        var shed = app.ApplicationServices.GetRequiredService<ShedRequests>();
        app.Use((context, next) => KindOf(context.Request) is { } kind ? AdmitAsync(context, next, kind, capacity, shed) : next(context));
    }

    private static async Task AdmitAsync(HttpContext context, RequestDelegate next, RequestKind kind, Capacity capacity, ShedRequests shed)
    {
        using var lease = await capacity.EnterAsync(kind, context.RequestAborted);
        if (lease.IsAcquired)
        {
            await (kind == RequestKind.Read ? ReadAsync(context, next) : next(context));
            return;
        }

        shed.Count(kind);
        await Problems.Overloaded(context.Response).ExecuteAsync(context);
    }

    // At the least rate that the server asks for, a client would keep its place among the reads for hours.
    private static async Task ReadAsync(HttpContext context, RequestDelegate next)
    {
        await using var limit = new Timer(static context => ((HttpContext)context!).Abort(), context, LongestRead, Timeout.InfiniteTimeSpan);
        await next(context);
    }

    // Who listens to events is counted by the feed.
    private static RequestKind? KindOf(HttpRequest request) =>
        !HttpApi.Has(request.Path) || EventRoutes.IsMeant(request.Path) ? null
        : HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? RequestKind.Read
        : RequestKind.Write;
}
