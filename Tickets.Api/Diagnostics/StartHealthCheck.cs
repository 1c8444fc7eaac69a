using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tickets.Api.Lifecycle;

namespace Tickets.Api.Diagnostics;

/// <summary>Unhealthy before everything has started, with what is waited for, and when the process is being stopped.</summary>
public sealed class StartHealthCheck(ServiceStart start) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(start.ClosedBecause is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}
