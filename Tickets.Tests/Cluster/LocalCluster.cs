using System.Globalization;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Cluster;

/// <summary>The cluster as <c>./tickets cluster</c> runs it, on ports and a folder of its own.</summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private const int MostNodes = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;

    public LocalCluster() => _environment = new()
    {
        ["CLUSTER_DATA"] = Data,
        ["CLUSTER_CLIENT_PORTS"] = Words(ClientPorts),
        ["CLUSTER_MONITOR_PORTS"] = Words(MonitorPorts),
        ["CLUSTER_ROUTE_PORTS"] = Words(Ports()),
        ["CLUSTER_PROFILE_PORTS"] = Words(Ports()),
    };

    public string Data => _folder.File("cluster");

    public IReadOnlyList<int> ClientPorts { get; } = Ports();

    public IReadOnlyList<int> MonitorPorts { get; } = Ports();

    /// <summary>The addresses of the first three nodes.</summary>
    public string Url => string.Join(',', ClientPorts.Take(3).Select(port => $"nats://127.0.0.1:{port}"));

    /// <summary>Their monitoring, as <c>NATS_MONITOR_URLS</c> has it.</summary>
    public string MonitorUrls => string.Join(',', MonitorPorts.Take(3).Select(port => $"http://127.0.0.1:{port}"));

    public static async Task<LocalCluster> StartAsync()
    {
        var cluster = new LocalCluster();
        (await cluster.RunAsync("up")).ExitCode.ShouldBe(0);
        return cluster;
    }

    public Task<(int ExitCode, string Output)> RunAsync(params string[] words) =>
        ChildProcess.RunAsync(Path.Combine(Repository.Root, "nats", "cluster", "cluster"), words, _environment);

    /// <summary>Ends a node at once (SIGKILL).</summary>
    /// <param name="node">From 1.</param>
    public async Task KillAsync(int node)
    {
        using var process = await ProcessOfAsync(node);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks a node to end (SIGTERM): it tells the others that it goes.</summary>
    /// <param name="node">From 1.</param>
    public async Task TerminateAsync(int node)
    {
        using var process = await ProcessOfAsync(node);
        await ChildProcess.MustRunAsync("kill", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("reset", "--yes");
        _folder.Dispose();
    }

    private async Task<System.Diagnostics.Process> ProcessOfAsync(int node) => System.Diagnostics.Process.GetProcessById(
        int.Parse(await File.ReadAllTextAsync(Path.Combine(Data, $"nats-motadata-{node}.pid")), CultureInfo.InvariantCulture));

    private static int[] Ports() => [.. Enumerable.Range(0, MostNodes).Select(_ => FreePort.Next())];

    private static string Words(IEnumerable<int> ports) => string.Join(' ', ports);
}
