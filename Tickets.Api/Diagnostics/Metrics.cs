using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Tickets.Api.Admission;
using Tickets.Api.Composition;
using Wolverine.Nats.Diagnostics;

namespace Tickets.Api.Diagnostics;

/// <summary>What is counted and measured: by the framework, by Wolverine, and by the transport.</summary>
internal static class Metrics
{
    public static IServiceCollection AddServiceMetrics(this IServiceCollection services, ServiceOptions options)
    {
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(options.ServiceName))
            .WithMetrics(metrics => metrics
                .AddMeter("System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddMeter($"Wolverine:{options.ServiceName}", NatsInstrumentation.Name, ShedRequests.MeterName)
                .AddPrometheusExporter());
        return services;
    }
}
