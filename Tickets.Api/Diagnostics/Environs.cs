using System.Data.Common;
using Tickets.Api.Diagnostics.Doctor;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;

namespace Tickets.Api.Diagnostics;

/// <summary>What the service needs around it: the server, JetStream, each stream, each consumer, its subjects and the database.</summary>
internal sealed class Environs(IWolverineRuntime runtime, Database database, IMigrator migrator) : IExamination
{
    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation) =>
        [.. await TopologyAsync(runtime, cancellation), .. await SubjectsAsync(cancellation), await DatabaseAsync(cancellation)];

    /// <summary>Looks at the server, JetStream, each stream and each consumer.</summary>
    public static async Task<IReadOnlyList<Diagnosis>> TopologyAsync(IWolverineRuntime runtime, CancellationToken cancellation)
    {
        var nats = runtime.Options.NatsTransport();
        await nats.InitializeEndpointsAsync(runtime);
        return DiagnosesOf(await new TopologyInspection(nats).InspectAsync(cancellation));
    }

    private async Task<IReadOnlyList<Diagnosis>> SubjectsAsync(CancellationToken cancellation) =>
        DiagnosesOf(await new TopologyInspection(runtime.Options.NatsTransport()).InspectSubjectsAsync(cancellation));

    private static IReadOnlyList<Diagnosis> DiagnosesOf(IEnumerable<Finding> findings) =>
        [.. findings.Select(finding => new Diagnosis(finding.Subject, finding.Fault))];

    private async Task<Diagnosis> DatabaseAsync(CancellationToken cancellation)
    {
        var subject = $"database {database.Description}";
        try
        {
            var pending = await migrator.PendingAsync(cancellation);
            return new Diagnosis(
                subject, pending.Count == 0 ? null : $"lacks {string.Join(", ", pending)}; run 'resources setup' or start the service");
        }
        catch (Exception e) when (e is DbException or IOException)
        {
            return new Diagnosis(subject, $"can't be read: {e.Message}");
        }
    }
}
