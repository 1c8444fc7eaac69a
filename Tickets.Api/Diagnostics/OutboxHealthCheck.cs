using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics;

/// <summary>Degraded while so many events wait for NATS that no more commands are handled: what is read is right all the same.</summary>
public sealed class OutboxHealthCheck(OutboxDepth outbox, OutboxLimit limit) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(outbox.IsFull
            ? HealthCheckResult.Degraded($"{limit.Messages} events wait for NATS to take them; no more commands are handled until there are fewer")
            : HealthCheckResult.Healthy());
}
