using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics;

/// <summary>Unhealthy while commits fail, for instance on a full disk, and while the database can't be reached.</summary>
public sealed class DatabaseHealthCheck(GroupCommitter committer, Database database) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return !committer.Healthy ? HealthCheckResult.Unhealthy("the database can't be written")
                : await database.FaultAsync(limit.Token) is { } fault ? HealthCheckResult.Unhealthy($"the database can't be reached: {fault}")
                : HealthCheckResult.Healthy();
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("the database does not answer");
        }
    }
}
