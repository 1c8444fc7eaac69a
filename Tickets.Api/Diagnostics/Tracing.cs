using OpenTelemetry.Trace;
using Tickets.Handlers.Storage;
using Wolverine.Nats.Diagnostics;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// One trace from a request or a published command through its handler, the commit and the events to their consumers. It is
/// exported by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or <c>OTEL_EXPORTER_OTLP_TRACES_ENDPOINT</c> is set; the other variables of
/// OpenTelemetry's specification (sampler, protocol, headers, resource) hold as well. Otherwise no span is made, and none costs anything.
/// </summary>
internal static class Tracing
{
    public static IServiceCollection AddServiceTracing(this IServiceCollection services)
    {
        if (!OtlpEndpoint.IsSetFor("TRACES"))
        {
            return services;
        }

        services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddAspNetCoreInstrumentation(http => http.Filter = context => !context.Request.Path.StartsWithSegments("/health") && context.Request.Path != "/metrics")
            .AddSource("Wolverine", NatsInstrumentation.Name, StorageInstrumentation.Name, "Tickets.NatsApi", "Npgsql")
            .AddOtlpExporter());
        return services;
    }
}
