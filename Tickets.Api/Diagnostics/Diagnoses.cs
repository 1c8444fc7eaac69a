using Tickets.Api.CommandLine;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics;

/// <summary>How diagnoses are printed.</summary>
internal static class Diagnoses
{
    /// <summary>Prints a line for each, or all of them as JSON.</summary>
    /// <returns>Whether nothing does harm now.</returns>
    public static bool Tell(this IReadOnlyList<Diagnosis> all, bool json, IServiceProvider services)
    {
        if (json)
        {
            Printout.Write(all.Select(found => new { found.Subject, Ok = !IsHarmful(found), Level = LevelOf(found).TrimEnd().ToLowerInvariant(), found.Fault }), services);
            return !all.Any(IsHarmful);
        }

        foreach (var found in all)
        {
            Console.WriteLine(Terminal.Plain($"{LevelOf(found)}  {found.Subject}{(found.Fault is null ? string.Empty : $": {found.Fault}")}"));
        }

        return !all.Any(IsHarmful);
    }

    private static bool IsHarmful(Diagnosis found) => found is { Fault: not null, IsSerious: true };

    private static string LevelOf(Diagnosis found) => IsHarmful(found) ? "FAIL" : found.Fault is null ? "ok  " : "warn";
}
