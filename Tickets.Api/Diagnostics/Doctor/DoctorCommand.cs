using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>
/// <c>doctor</c>: looks for everything that is known to go wrong, and says what to do about it. The exit code is 0 only when nothing
/// does harm now.
/// </summary>
[Description("Look for everything that is known to go wrong, each with its remedy; for instance: doctor --json", Name = "doctor")]
public sealed class DoctorCommand : OperatorCommand<OperatorInput>
{
    /// <inheritdoc/>
    protected override bool UsesNats(OperatorInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(OperatorInput input, IHost host)
    {
        List<Diagnosis> all = [];
        foreach (var examination in host.Services.GetServices<IExamination>())
        {
            all.AddRange(await examination.ExamineAsync(CancellationToken.None));
        }

        return OneForEach(all).Tell(input.JsonFlag, host.Services);
    }

    // Several look at the same thing, and whoever looks first knows it best.
    private static Diagnosis[] OneForEach(IEnumerable<Diagnosis> all) =>
        [.. all.GroupBy(found => found.Subject).Select(same => same.FirstOrDefault(found => found.Fault is not null) ?? same.First())];
}
