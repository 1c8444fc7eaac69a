using System.Data.Common;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;

namespace Tickets.Api.Diagnostics;

/// <summary>What the service needs around it: the server, JetStream, each stream, each consumer and the database.</summary>
internal sealed class Environs(IWolverineRuntime runtime, Database database, IMigrator migrator)
{
    /// <summary>Looks at all of it, and changes nothing.</summary>
    /// <returns>One finding for each.</returns>
    public async Task<IReadOnlyList<Finding>> InspectAsync(CancellationToken cancellation)
    {
        var nats = runtime.Options.NatsTransport();
        await nats.InitializeEndpointsAsync(runtime);
        return [.. await new TopologyInspection(nats).InspectAsync(cancellation), await DatabaseAsync(cancellation)];
    }

    private async Task<Finding> DatabaseAsync(CancellationToken cancellation)
    {
        var subject = $"database {database.Description}";
        try
        {
            var pending = await migrator.PendingAsync(cancellation);
            return new Finding(
                subject, pending.Count == 0 ? null : $"lacks {string.Join(", ", pending)}; run 'resources setup' or start the service");
        }
        catch (Exception e) when (e is DbException or IOException)
        {
            return new Finding(subject, $"can't be read: {e.Message}");
        }
    }
}
