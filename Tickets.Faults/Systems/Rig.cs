using System.Globalization;
using NATS.Client.Core;
using NatsServers;

namespace Tickets.Faults.Systems;

/// <summary>The system of one run: NATS, a database, and services, each a real process with ports and folders of its own.</summary>
public sealed class Rig : IAsyncDisposable
{
    private readonly NatsCluster? _cluster;
    private readonly NatsServer? _server;
    private readonly SmallDisk?[] _disks;

    private Rig(NatsServer? server, NatsCluster? cluster, TestDatabase database, Network? network, SmallDisk?[] disks)
    {
        (_server, _cluster, Database, Network, _disks) = (server, cluster, database, network, disks);
        Nats = new NatsConnection(NatsOpts.Default with { Url = NatsUrl });
    }

    /// <summary>The program that is put to the test: as it is deployed where the script says so, else as it was built.</summary>
    public static string Program { get; set; } =
        Environment.GetEnvironmentVariable("TESTED_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "Tickets.Api.dll");

    /// <summary>The NATS nodes.</summary>
    public IReadOnlyList<NatsServer> Nodes => _cluster?.Nodes ?? [_server!];

    /// <summary>The three of them as one; null when there is only one.</summary>
    public NatsCluster? Cluster => _cluster;

    /// <summary>The addresses of the nodes.</summary>
    public string NatsUrl => _cluster?.Url ?? _server!.Url;

    /// <summary>A connection beside the services.</summary>
    public NatsConnection Nats { get; }

    /// <summary>The database.</summary>
    public TestDatabase Database { get; }

    /// <summary>The network of the services; null when they have none of their own.</summary>
    public Network? Network { get; }

    /// <summary>The disk that NATS stores on, when it has one of its own.</summary>
    public SmallDisk? NatsDisk => _disks[0];

    /// <summary>The disk that the database is on, when it has one of its own.</summary>
    public SmallDisk? DatabaseDisk => _disks[1];

    /// <summary>The services.</summary>
    public IReadOnlyList<ServiceProcess> Services { get; private set; } = [];

    /// <summary>Starts a system; its services are ready when it returns, unless the plan says that they are not started.</summary>
    public static async Task<Rig> StartAsync(RigPlan plan, StorageKind storage)
    {
        var network = plan.HasNetwork ? await Network.CreateAsync(cables: 3) : null;
        SmallDisk?[] disks = [await DiskAsync(plan.NatsDisk), await DiskAsync(plan.DatabaseDisk)];
        var cluster = plan.Nodes > 1 ? await NatsCluster.StartAsync(plan.NatsConfiguration) : null;
        var server = plan.Nodes > 1 ? null : await NatsServer.StartAsync(plan.NatsConfiguration, PlaceOf(network, 0, disks[0]));
        var rig = new Rig(server, cluster, await DatabaseAsync(plan, storage, PlaceOf(network, 1, disks[1]), disks[1]), network, disks);
        var services = storage == StorageKind.Sqlite ? 1 : plan.Services;
        rig.Services = [.. Enumerable.Range(0, services).Select(i => rig.ServiceOf(Program, plan.Settings(i)))];
        if (plan.Starts)
        {
            await Task.WhenAll(rig.Services.Select(service => service.StartAsync()));
        }

        return rig;
    }

    /// <summary>Adds a service, which is not started yet.</summary>
    /// <param name="program">Its DLL.</param>
    /// <param name="settings">More of its environment.</param>
    public ServiceProcess Add(string program, params (string Name, string Value)[] settings)
    {
        var service = ServiceOf(program, settings);
        Services = [.. Services, service];
        return service;
    }

    /// <summary>Ends all of it and deletes its folders.</summary>
    public async ValueTask DisposeAsync()
    {
        await Nats.DisposeAsync();
        foreach (var service in Services)
        {
            service.Dispose();
        }

        await Database.DisposeAsync();
        await (_cluster?.DisposeAsync() ?? _server!.DisposeAsync());
        foreach (var disk in _disks)
        {
            await (disk?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await (Network?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static async Task<SmallDisk?> DiskAsync(int? megabytes) => megabytes is { } size ? await SmallDisk.MountAsync(size) : null;

    private static ServerPlace PlaceOf(Network? network, int cable, SmallDisk? disk) =>
        new(network?.Cables[cable].Outside ?? "127.0.0.1", disk?.Path);

    private static async Task<TestDatabase> DatabaseAsync(RigPlan plan, StorageKind storage, ServerPlace place, SmallDisk? disk)
    {
        if (storage == StorageKind.Sqlite)
        {
            return new TestDatabase.Sqlite(disk);
        }

        var server = await PostgreSqlServer.StartAsync(place);
        return new TestDatabase.PostgreSql(server, await server.CreateDatabaseAsync(), plan.LosesCommitAnswers ? new CommitProxy(server.Port) : null);
    }

    private ServiceProcess ServiceOf(string program, (string Name, string Value)[] more)
    {
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        var host = Network?.Cables[2].Inside ?? "127.0.0.1";
        var settings = new Dictionary<string, string?>
        {
            ["NATS_URL"] = NatsUrl,

            // In a network of its own it is not on loopback.
            ["NATS_ALLOW_PLAINTEXT"] = "true",
            ["DATABASE_URL"] = Database.Url,
            ["HOST"] = host,
            ["PORT"] = port,
            ["ALLOW_ANONYMOUS"] = "true",
            ["LOG_LEVEL"] = "info",

            // What a dead process had taken is delivered again soon.
            ["ACK_WAIT_SECONDS"] = "5",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return new ServiceProcess(new Uri($"http://{host}:{port}"), program, settings, Network?.Within ?? []);
    }
}
