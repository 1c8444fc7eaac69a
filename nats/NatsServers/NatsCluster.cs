using NATS.Client.Core;
using NATS.Client.JetStream;

namespace NatsServers;

/// <summary>
/// Three real nats-server processes that form one JetStream cluster, each on ports and a folder of its own. A stream with
/// three replicas goes on while one of them is away, and not while two are.
/// </summary>
public sealed class NatsCluster : IAsyncDisposable
{
    private const int Size = 3;

    // An election alone may take the servers nine seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private NatsCluster(IReadOnlyList<NatsServer> nodes) => Nodes = nodes;

    /// <summary>The three servers; each can be killed, suspended, stopped and restarted by itself.</summary>
    public IReadOnlyList<NatsServer> Nodes { get; }

    /// <summary>The addresses of all nodes, comma-separated.</summary>
    public string Url => string.Join(',', Nodes.Select(node => node.Url));

    /// <summary>Starts the three nodes and returns when <see cref="WaitUntilReadyAsync"/> does.</summary>
    /// <param name="configuration">
    /// Added to the configuration file of each node. Where it asks for users, waiting and reading need a <c>no_auth_user</c>.
    /// </param>
    public static async Task<NatsCluster> StartAsync(string configuration = "")
    {
        var cluster = await FreePort.StartAsync(() => LaunchAsync(configuration, FreePort.Next));
        try
        {
            await cluster.WaitUntilReadyAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection that begins at any node and moves to another when its node goes away.</summary>
    public NatsConnection Connect(NatsAuthOpts? authentication = null) =>
        new(NatsOpts.Default with { Url = Url, AuthOpts = authentication ?? NatsAuthOpts.Default });

    /// <summary>Returns when the cluster has a leader and a stream with an up-to-date replica on every node could be made.</summary>
    public async Task WaitUntilReadyAsync()
    {
        await using var connection = Connect();
        var probe = new ReplicationProbe(connection, Size);
        await Eventually.Async(probe.TryAsync, seen => seen == ReplicationProbe.Ready, Limit, "the cluster is ready");
    }

    /// <summary>The node that leads a stream now; waits while there is none.</summary>
    public Task<NatsServer> LeaderOfAsync(string stream) => WhenLedAsync(
        async jetStream =>
        {
            var info = (await jetStream.GetStreamAsync(stream)).Info;
            return Nodes.SingleOrDefault(node => node.Name == info.Cluster?.Leader);
        },
        $"{stream} has a leader");

    /// <summary>All messages of a stream in their order; takes none of them. Waits while an election runs.</summary>
    public Task<IReadOnlyList<NatsMsg<string>>> ReadAsync(string stream) => WhenLedAsync<IReadOnlyList<NatsMsg<string>>>(
        async jetStream => await jetStream.ReadStreamAsync(stream), $"{stream} can be read");

    /// <summary>Kills all nodes and deletes their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
    }

    internal static async Task<NatsCluster> LaunchAsync(string configuration, Func<int> nextPort)
    {
        var id = Guid.NewGuid().ToString("N");
        var routes = Enumerable.Range(0, Size).Select(_ => $"127.0.0.1:{nextPort()}").ToArray();
        var cluster = new NatsCluster([.. routes.Select((route, i) => new NatsServer($"node-{i + 1}-{id}", nextPort(), configuration, $$"""
            cluster {
              name: "cluster-{{id}}"
              listen: "{{route}}"
              routes: [ {{string.Join(", ", routes.Select(r => $"\"nats-route://{r}\""))}} ]
            }
            """))]);
        try
        {
            await Task.WhenAll(cluster.Nodes.Select(node => node.LaunchAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task<T> WhenLedAsync<T>(Func<NatsJSContext, Task<T?>> read, string what)
        where T : class
    {
        await using var connection = Connect();
        var jetStream = new NatsJSContext(connection, ReplicationProbe.Options(connection));
        var found = await Eventually.Async(
            async () =>
            {
                try
                {
                    return await read(jetStream);
                }
                catch (NatsException fault) when (fault is not NatsJSApiException { Error.Code: 404 })
                {
                    // While an election runs nobody answers, or a node that says that there is no leader.
                    return null;
                }
            },
            value => value is not null,
            Limit,
            what);
        return found!;
    }
}
