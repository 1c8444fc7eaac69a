namespace Tickets.Tests.Fixtures;

/// <summary>Where the sources and the built program are.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program as it was built for these tests, in its own folder: it looks at what lies beside it.</summary>
    public static string Program { get; } = Path.Combine(
        Root, "Tickets.Api", Path.GetRelativePath(Path.Combine(Root, "Tickets.Tests"), AppContext.BaseDirectory), "Tickets.Api.dll");

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
