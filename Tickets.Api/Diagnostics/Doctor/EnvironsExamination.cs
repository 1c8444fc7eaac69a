using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>What <c>check-env</c> looks at: server, JetStream, streams, consumers and tables are as declared.</summary>
internal sealed class EnvironsExamination(Environs environs) : IExamination
{
    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation) =>
        [.. (await environs.InspectAsync(cancellation)).Select(finding => new Diagnosis(finding.Subject, finding.Fault))];
}
