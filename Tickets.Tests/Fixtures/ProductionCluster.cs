using NATS.Client.Core;
using NATS.NKeys;
using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>
/// Three nodes of the shipped production files over TLS, with streams that the provisioner has made, and a service with the
/// least-privileged user that is shipped. Shared: each test has a tenant or subjects of its own where it can.
/// </summary>
public class ProductionCluster : IAsyncLifetime
{
    public const string Tenant = "acme";
    private const int Size = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly int[] _clientPorts = [.. Enumerable.Range(0, Size).Select(_ => FreePort.Next())];

    public TrialCredentials Credentials { get; private set; } = null!;

    public IReadOnlyList<ProductionNode> Nodes { get; private set; } = [];

    public TicketService Service { get; private set; } = null!;

    public IReadOnlyList<int> RoutePorts { get; } = [.. Enumerable.Range(0, Size).Select(_ => FreePort.Next())];

    public string Url => string.Join(',', _clientPorts.Select(port => $"nats://127.0.0.1:{port}"));

    public virtual async ValueTask InitializeAsync()
    {
        Credentials = await TrialCredentials.MakeAsync();
        Nodes = [.. Enumerable.Range(1, Size).Select(number => new ProductionNode(number, _clientPorts[number - 1], RoutePorts, Credentials.Folder, Credentials.PublicKeys))];
        await Eventually.Async(
            () => Nodes.Any(node => node.Log.Contains("new metadata leader", StringComparison.Ordinal)), Limit, "the nodes have a leader");
        await Eventually.Async(
            () => RunAsync("provisioner", provisions: true, "resources", "setup"), run => run.ExitCode == 0, Limit, "the provisioner makes the streams");
        Service = await TicketService.StartAsync(Url, [.. SettingsOf("service", provisions: false), .. await StorageAsync()]);
    }

    /// <summary>The environment of a program that logs in as a user.</summary>
    public (string Name, string Value)[] SettingsOf(string user, bool provisions) =>
    [
        ("NATS_NKEY_FILE", Credentials.PathOf($"{user}.nk")),
        ("NATS_TLS_CA_FILE", Credentials.PathOf("ca.pem")),
        ("NATS_INBOX_PREFIX", user == "service" ? "_INBOX.tickets" : $"_INBOX.{user}"),
        ("NATS_PROVISION", provisions ? "true" : "false"),
    ];

    /// <summary>Runs words of the command line as a user, with the service's database when they only read it.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string user, bool provisions, params string[] words)
    {
        using var folder = new TemporaryFolder();
        var environment = SettingsOf(user, provisions).ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        environment["NATS_URL"] = Url;

        environment["DATABASE_URL"] = words is ["resources", ..] || Service is null ? OwnersDatabase ?? $"sqlite:{folder.File("tickets.db")}" : Service.DatabaseUrl;
        return await ChildProcess.RunAsync("dotnet", [Repository.Program, .. words], environment);
    }

    /// <summary>A connection of a user, with the inboxes that it may have.</summary>
    public NatsConnection Connect(string user)
    {
        var seed = Credentials.SeedOf(user);
        using var pair = KeyPair.FromSeed(seed);
        return new NatsConnection(NatsOpts.Default with
        {
            Url = Url,
            AuthOpts = new NatsAuthOpts { NKey = pair.GetPublicKey(), Seed = seed },
            TlsOpts = new NatsTlsOpts { CaFile = Credentials.PathOf("ca.pem"), Mode = TlsMode.Require },
            InboxPrefix = user switch { "acme" => $"_INBOX.tenant.{Tenant}", "service" => "_INBOX.tickets.test", _ => $"_INBOX.{user}" },
        });
    }

    /// <summary>What the nodes have refused to a user so far.</summary>
    public IReadOnlyList<string> RefusedTo(string user)
    {
        var key = Credentials.PublicKeys[$"{user.ToUpperInvariant()}_NKEY"]!;
        return [.. Nodes.SelectMany(node => node.Log.Split('\n')).Where(line => line.Contains("Violation", StringComparison.Ordinal) && line.Contains(key, StringComparison.Ordinal))];
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        foreach (var node in Nodes)
        {
            node.Dispose();
        }

        Credentials?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Where the provisioner makes the tables; null for nowhere, since a SQLite file has one process that may change it.</summary>
    protected virtual string? OwnersDatabase => null;

    /// <summary>Where the service has its data, if not in a file. The provisioner has done its work by then.</summary>
    protected virtual Task<(string Name, string Value)[]> StorageAsync() => Task.FromResult<(string, string)[]>([]);
}
