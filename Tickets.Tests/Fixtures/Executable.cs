namespace Tickets.Tests.Fixtures;

/// <summary>Finds installed programs, also where Debian puts servers and a user's PATH does not look.</summary>
public static class Executable
{
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The full path of a program, null if it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>The full path of a program.</summary>
    /// <exception cref="FileNotFoundException">It is not installed; the message says how to install it.</exception>
    public static string Require(string name, string debianPackage) =>
        Find(name) ?? throw new FileNotFoundException(
            $"The tests need {name}, which is not installed. On Debian: apt-get install {debianPackage}. `./tickets test` does that.", name);
}
