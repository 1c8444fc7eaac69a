using Wolverine.Nats;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;

namespace Tickets.Api.Composition;

/// <summary>
/// Looks at NATS before the service starts. What waiting won't mend ends the start with one line; that the server is away, or
/// has no leader, is waited for.
/// </summary>
internal static class NatsReadiness
{
    /// <summary>What somebody has to mend first, on one line; null when nothing is known to be wrong.</summary>
    public static async Task<string?> FaultAsync(IWolverineRuntime runtime)
    {
        var nats = runtime.Options.NatsTransport();
        var inspection = new TopologyInspection(nats);
        return await inspection.LastingFaultAsync()
            ?? (nats.Configuration.AutoProvision ? null : await MissingAsync(nats, inspection, runtime));
    }

    private static async Task<string?> MissingAsync(NatsTransport nats, TopologyInspection inspection, IWolverineRuntime runtime)
    {
        await nats.InitializeEndpointsAsync(runtime);
        var missing = (await inspection.InspectAsync(runtime.Cancellation)).Where(finding => finding.Difference is not null).ToArray();
        return missing.Length == 0
            ? null
            : $"NATS is not as the service needs it: {string.Join(", ", missing.Select(finding => $"{finding.Subject} ({finding.Difference})"))}. "
                + "NATS_PROVISION is false, so the service does not make it; run './tickets resources setup' with a login that may.";
    }
}
