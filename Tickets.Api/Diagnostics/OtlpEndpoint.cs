namespace Tickets.Api.Diagnostics;

/// <summary>Where telemetry goes by OTLP, as OpenTelemetry's specification has it (Protocol Exporter, "Endpoint URLs").</summary>
internal static class OtlpEndpoint
{
    /// <param name="signal"><c>TRACES</c> or <c>METRICS</c>.</param>
    /// <returns>Whether one is set for the signal, or for all.</returns>
    public static bool IsSetFor(string signal) => Array.Exists(
        ["OTEL_EXPORTER_OTLP_ENDPOINT", $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"], name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
}
