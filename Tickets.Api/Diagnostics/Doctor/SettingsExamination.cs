using Tickets.Api.Composition;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>Looks at settings that are valid each by itself.</summary>
internal sealed class SettingsExamination(ServiceOptions options) : IExamination
{
    // What waits in a stream may be delivered as late as this.
    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(8);

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Diagnosis>>(
    [
        new Diagnosis(
            "repeats are recognised",
            options.Retention.Ledger is { } kept && kept < LongestKept
                ? $"RETENTION_LEDGER_DAYS is {kept.TotalDays:0}, and a repeat may come as late as a stream keeps it; set it to 8 or more"
                : null),
        new Diagnosis("the names of settings", options.Unknown is [] ? null : string.Join("; ", options.Unknown), IsSerious: false),
    ]);
}
