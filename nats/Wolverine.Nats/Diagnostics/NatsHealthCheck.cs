using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wolverine.Runtime;

namespace Wolverine.Nats.Diagnostics;

/// <summary>
/// Healthy when messages can flow on every NATS broker and every connection of tenants: it is open, every stream in use has a leader, and
/// every listener is receiving. An open socket alone proves none of that. Degraded when it is a declared stream that no endpoint uses,
/// such as that of dead letters, which is missing or has no leader. Each stream is asked for its leader once a second at most, however
/// many probe.
/// </summary>
/// <remarks><c>services.AddHealthChecks().AddCheck&lt;NatsHealthCheck&gt;("nats")</c>.</remarks>
public sealed class NatsHealthCheck(IWolverineRuntime runtime) : IHealthCheck
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        Dictionary<string, object> faults = [];
        var status = HealthStatus.Healthy;
        foreach (var transport in runtime.Options.Transports.OfType<NatsTransport>())
        {
            await foreach (var (what, fault, isSerious) in BrokerFaults.OfAsync(transport, limit.Token))
            {
                faults[what] = fault;
                status = isSerious ? context.Registration.FailureStatus : status == HealthStatus.Healthy ? HealthStatus.Degraded : status;
            }
        }

        return faults.Count == 0
            ? HealthCheckResult.Healthy("Messages can flow.")
            : new HealthCheckResult(status, Describe(faults), data: faults);
    }

    internal static string Describe(Dictionary<string, object> faults) => string.Join("; ", faults.Select(fault => $"{fault.Key}: {fault.Value}"));
}
