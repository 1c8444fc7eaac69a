using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tickets.Api.Diagnostics;

/// <summary>What <c>/health/ready</c> says, check by check, as a gauge.</summary>
internal sealed class HealthMetrics : IHealthCheckPublisher, IDisposable
{
    public const string MeterName = "Tickets.Health";

    private readonly Meter _meter = new(MeterName);
    private HealthReport? _report;

    public HealthMetrics() => _meter.CreateObservableGauge(
        "tickets.health",
        () => (_report?.Entries ?? new Dictionary<string, HealthReportEntry>()).Select(entry =>
            new Measurement<double>(ValueOf(entry.Value.Status), new KeyValuePair<string, object?>("check", entry.Key))),
        null,
        "1 healthy, 0.5 degraded, 0 unhealthy, as /health/ready says");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        _report = report;
        return Task.CompletedTask;
    }

    public void Dispose() => _meter.Dispose();

    private static double ValueOf(HealthStatus status) => (double)status / (double)HealthStatus.Healthy;
}
