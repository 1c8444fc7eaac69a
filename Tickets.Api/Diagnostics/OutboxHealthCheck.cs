using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// Degraded while so many events wait for NATS that no more commands are handled, and while one has waited for long: what is read is
/// right all the same.
/// </summary>
public sealed class OutboxHealthCheck(OutboxDepth outbox, OutboxLimit limit, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(outbox.IsFull
            ? HealthCheckResult.Degraded($"{limit.Messages} events wait for NATS to take them; no more commands are handled until there are fewer")
            : outbox.State.AgeAt(clock.GetUtcNow()) is var age && age > Long
                ? HealthCheckResult.Degraded($"{outbox.State.Messages} events wait for NATS to take them, for {age.TotalSeconds:0} s now")
                : HealthCheckResult.Healthy());
}
