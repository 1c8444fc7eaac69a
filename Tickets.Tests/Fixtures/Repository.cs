namespace Tickets.Tests.Fixtures;

/// <summary>Where the sources and the programs are.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program as <c>./tickets run</c> builds it, in its own folder: it looks at what lies beside it.</summary>
    public static string BuiltProgram { get; } = Path.Combine(
        Root, "Tickets.Api", Path.GetRelativePath(Path.Combine(Root, "Tickets.Tests"), AppContext.BaseDirectory), "Tickets.Api.dll");

    /// <summary>The program that is put to the test: as it is deployed where the script says so, else as it was built.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("TESTED_PROGRAM") ?? BuiltProgram;

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tickets.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder;
    }
}
