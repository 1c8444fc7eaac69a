using System.Globalization;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Faults;

/// <summary>A program that starts servers for itself, such as the fault matrix or a benchmark.</summary>
public sealed class EndedSuites
{
    private const int Terminated = 143;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task told_to_end_it_leaves_neither_a_server_nor_a_folder_behind()
    {
        using var folder = new TemporaryFolder();
        using var suite = ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Tickets.Faults.dll"), "--only", "poison", "--storage", "sqlite"],
            new Dictionary<string, string?> { ["TMPDIR"] = folder.Path, ["TESTED_PROGRAM"] = Repository.Program });
        var server = await Eventually.Async(() => Task.FromResult(ServerIn(folder.Path)), found => found is not null, Limit, "a nats-server listens");

        await suite.TerminateAsync(Limit);

        suite.ExitCode.ShouldBe(Terminated, suite.Output);
        await Eventually.Async(() => !Directory.Exists($"/proc/{server}"), Limit, $"nats-server {server} is gone");
        Directory.GetDirectories(folder.Path, "test-*").ShouldBeEmpty();
    }

    // It writes a file with its process id once it listens.
    private static int? ServerIn(string folder) =>
        Directory.EnumerateFiles(folder, "nats-server_*.ports", SearchOption.AllDirectories).FirstOrDefault() is { } ports
            ? int.Parse(Path.GetFileNameWithoutExtension(ports).Split('_')[1], CultureInfo.InvariantCulture)
            : null;
}
