using Tickets.Api.Composition;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>Looks at settings that the program starts with all the same.</summary>
internal sealed class SettingsExamination(ServiceOptions options) : IExamination
{
    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Diagnosis>>(
    [
        new Diagnosis("the names of settings", options.Unknown is [] ? null : string.Join("; ", options.Unknown), IsSerious: false),
    ]);
}
