using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>What <c>make-credentials.sh</c> makes.</summary>
public sealed class TrialCredentials : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.File("credentials");

    /// <summary>The variables of the nodes that have the users' public keys.</summary>
    public IReadOnlyDictionary<string, string?> PublicKeys => File.ReadLines(PathOf("nkeys.env"))
        .Select(line => line.Split('=')).ToDictionary(pair => pair[0], pair => (string?)pair[1]);

    public static async Task<TrialCredentials> MakeAsync()
    {
        var made = new TrialCredentials();
        var (exitCode, output) = await made.RunScriptAsync();
        exitCode.ShouldBe(0, output);
        return made;
    }

    /// <summary>Runs the script, again for the same folder after the first time.</summary>
    public Task<(int ExitCode, string Output)> RunScriptAsync() => ChildProcess.RunAsync(
        Path.Combine(Repository.Root, "nats", "cluster", "scripts", "make-credentials.sh"),
        [Folder],
        new Dictionary<string, string?> { ["NKEY_COMMAND"] = $"dotnet {Repository.Program} nkey" });

    public string PathOf(string file) => Path.Combine(Folder, file);

    public string SeedOf(string user) => File.ReadAllText(PathOf($"{user}.nk")).Trim();

    public void Dispose() => _folder.Dispose();
}
