using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics;

/// <summary>Unhealthy while commits fail, for instance on a full disk.</summary>
public sealed class DatabaseHealthCheck(GroupCommitter committer) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(committer.Healthy
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("the database can't be written"));
}
