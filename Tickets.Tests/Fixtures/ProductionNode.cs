using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>One node of the shipped production files, as a process on loopback.</summary>
public sealed class ProductionNode : IDisposable
{
    private static readonly string Shipped = Path.Combine(Repository.Root, "nats", "cluster", "production");
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;

    /// <param name="number">Which of the three, from 1.</param>
    /// <param name="clientPort">Where clients find it.</param>
    /// <param name="routePorts">Where the nodes find each other.</param>
    /// <param name="certificates">The folder of its certificate and key.</param>
    /// <param name="publicKeys">Those of the users.</param>
    public ProductionNode(int number, int clientPort, IReadOnlyList<int> routePorts, string certificates, IReadOnlyDictionary<string, string?> publicKeys)
    {
        MonitorPort = FreePort.Next();
        File.Copy(Path.Combine(Shipped, "accounts.conf"), _folder.File("accounts.conf"));
        File.Copy(Path.Combine(Shipped, $"nats-motadata-{number}.conf"), _folder.File("node.conf"));
        File.WriteAllText(_folder.File("nats-motadata.conf"), AsItCanRunHere(File.ReadAllText(Path.Combine(Shipped, "nats-motadata.conf"))));
        _process = ChildProcess.Start("nats-server", ["-c", _folder.File("node.conf")], new Dictionary<string, string?>(publicKeys)
        {
            ["NODE_HOST"] = "127.0.0.1",
            ["NODE_CLIENT_PORT"] = $"{clientPort}",
            ["NODE_ADVERTISE"] = $"127.0.0.1:{clientPort}",
            ["NODE_ROUTE_PORT"] = $"{routePorts[number - 1]}",
            ["NODE_ROUTES"] = $"[{string.Join(", ", routePorts.Select(port => $"nats-route://127.0.0.1:{port}"))}]",
            ["NODE_STORE"] = _folder.File("store"),
            ["NODE_CERT"] = Path.Combine(certificates, $"nats-motadata-{number}.pem"),
            ["NODE_KEY"] = Path.Combine(certificates, $"nats-motadata-{number}.key"),
            ["NODE_CA"] = Path.Combine(certificates, "ca.pem"),
            ["SYSTEM_PASSWORD"] = "\"only-for-a-test\"",
        });
    }

    public int MonitorPort { get; }

    public string Log => _process.Output;

    public bool HasExited => _process.HasExited;

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    // Three of them on one machine can't all have port 8222, and servers before 2.10 refuse the field.
    private string AsItCanRunHere(string configuration)
    {
        configuration.ShouldContain("sync_interval: always");
        configuration.ShouldContain("http: 127.0.0.1:8222");
        return configuration
            .Replace("sync_interval: always", string.Empty, StringComparison.Ordinal)
            .Replace("http: 127.0.0.1:8222", $"http: 127.0.0.1:{MonitorPort}", StringComparison.Ordinal);
    }
}
