using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Tickets.Api.Admission;
using Tickets.Api.Cluster;
using Tickets.Api.Composition;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;
using Wolverine.Nats.Diagnostics;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// What is counted and measured: by the framework, by Wolverine, by the transport and by us. It is at <c>/metrics</c>, and goes by OTLP when
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or <c>OTEL_EXPORTER_OTLP_METRICS_ENDPOINT</c> is set.
/// </summary>
internal static class Metrics
{
    public static IServiceCollection AddServiceMetrics(this IServiceCollection services, ServiceOptions options)
    {
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(options.ServiceName))
            .WithMetrics(metrics => metrics
                .AddMeter("System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddMeter($"Wolverine:{options.ServiceName}", NatsInstrumentation.Name, StorageInstrumentation.Name, CommandInstrumentation.Name)
                .AddMeter(ShedRequests.MeterName, ClusterMetrics.MeterName, HealthMetrics.MeterName)
                .AddView(instrument => OfMessageType(instrument, options.ServiceName))
                .AddPrometheusExporter()
                .AddOtlpExporterWhenAsked());
        return services;
    }

    // Wolverine adds the tenant and the address: series for each tenant, and for the inbox of each process that ever was.
    private static MetricStreamConfiguration? OfMessageType(Instrument instrument, string serviceName) =>
        instrument.Meter.Name == $"Wolverine:{serviceName}" ? new MetricStreamConfiguration { TagKeys = ["message.type", "exception.type"] } : null;

    private static MeterProviderBuilder AddOtlpExporterWhenAsked(this MeterProviderBuilder metrics) =>
        OtlpEndpoint.IsSetFor("METRICS") ? metrics.AddOtlpExporter() : metrics;
}
