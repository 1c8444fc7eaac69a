using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tickets.Api.Admission;
using Tickets.Api.Diagnostics;
using Tickets.Api.Lifecycle;
using Wolverine.Nats.Diagnostics;

namespace Tickets.Api.Routes;

/// <summary>Whether the process lives, and whether it can do its work now.</summary>
internal static class HealthRoutes
{
    private const string Start = "start";

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<StartHealthCheck>(Start)
            .AddCheck<NatsHealthCheck>("nats")
            .AddCheck<DatabaseHealthCheck>("database")
            .AddCheck<OutboxHealthCheck>("outbox");
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var start = app.ServiceProvider.GetRequiredService<ServiceStart>();
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" }));
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            // Until all has started there is nothing else to look at.
            Predicate = check => start.IsOpen || check.Name == Start,
            ResponseWriter = WriteAsync,
        });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status switch
        {
            HealthStatus.Healthy => "ready",
            HealthStatus.Degraded => "degraded",
            _ => "not_ready",
        },
        faults = report.Entries.Values.Where(entry => entry.Status != HealthStatus.Healthy).Select(entry => entry.Description),
        shed = context.RequestServices.GetRequiredService<ShedRequests>().Counts(),
    });
}
