using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tickets.Api.Access;
using Tickets.Api.Admission;
using Tickets.Api.Diagnostics;
using Tickets.Api.Lifecycle;
using Wolverine.Nats.Diagnostics;

namespace Tickets.Api.Routes;

/// <summary>Whether the process lives, and whether it can do its work now.</summary>
internal static class HealthRoutes
{
    private const string Start = "start";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseHealthCheck>().AddHealthChecks()
            .AddCheck<StartHealthCheck>(Start)
            .AddCheck<NatsHealthCheck>("nats")
            .AddCheck<DatabaseHealthCheck>("database")
            .AddCheck<OutboxHealthCheck>("outbox");
        return services
            .AddSingleton<IHealthCheckPublisher, HealthMetrics>()
            .AddOptions<HealthCheckPublisherOptions>()
            .Configure<ServiceStart>((publishing, start) =>
            {
                (publishing.Delay, publishing.Period) = (BetweenLooks, BetweenLooks);
                publishing.Predicate = check => IsDue(check, start);
            }).Services;
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var start = app.ServiceProvider.GetRequiredService<ServiceStart>();
        app.MapGet("/health/live", () => TypedResults.Ok(new Liveness("live"))).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => IsDue(check, start),
            ResponseWriter = WriteAsync,
        }).AllowAnonymous();
    }

    // Until all has started there is nothing else to look at.
    private static bool IsDue(HealthCheckRegistration check, ServiceStart start) => start.IsOpen || check.Name == Start;

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var status = report.Status switch
        {
            HealthStatus.Healthy => "ready",
            HealthStatus.Degraded => "degraded",
            _ => "not_ready",
        };
        return IsTrusted(context)
            ? context.Response.WriteAsJsonAsync(new Readiness(
                status,
                report.Entries.Values.Where(entry => entry.Status != HealthStatus.Healthy).Select(entry => entry.Description),
                context.RequestServices.GetRequiredService<ShedRequests>().Counts()))
            : context.Response.WriteAsJsonAsync(new Liveness(status));
    }

    // What is wrong tells of the machines behind the service; a prober needs only that something is.
    private static bool IsTrusted(HttpContext context) =>
        context.RequestServices.GetRequiredService<AccessOptions>().IsLocal || Caller.Of(context)?.Has(Scopes.Operator) == true;
}
