using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>
/// <c>doctor</c>: looks for everything that is known to go wrong, and says what to do about it. The exit code is 0 only when nothing
/// does harm now.
/// </summary>
[Description("Look for everything that is known to go wrong, each with its remedy; for instance: doctor --json", Name = "doctor")]
public sealed class DoctorCommand : OperatorCommand<DoctorInput>
{
    /// <inheritdoc/>
    protected override bool UsesNats(DoctorInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(DoctorInput input, IHost host)
    {
        List<Diagnosis> all = [];
        foreach (var examination in host.Services.GetServices<IExamination>())
        {
            all.AddRange(await examination.ExamineAsync(CancellationToken.None));
        }

        if (input.JsonFlag)
        {
            Printout.Write(all.Select(found => new { found.Subject, Level = LevelOf(found).TrimEnd().ToLowerInvariant(), found.Fault }), host.Services);
        }
        else
        {
            all.ForEach(found => Console.WriteLine($"{LevelOf(found)}  {found.Subject}{(found.Fault is null ? string.Empty : $": {Terminal.Plain(found.Fault)}")}"));
        }

        return !all.Exists(found => found is { Fault: not null, IsSerious: true });
    }

    private static string LevelOf(Diagnosis found) => found switch
    {
        { Fault: null } => "ok  ",
        { IsSerious: true } => "FAIL",
        _ => "warn",
    };
}
