using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;

namespace Wolverine.Nats.Tests.Servers;

/// <summary>A cluster with the stream DATA in as many replicas as asked for.</summary>
internal sealed class ClusterWithData : IAsyncDisposable
{
    public const string Stream = "DATA";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly NatsConnection _connection;
    private readonly NatsJSContext _jetStream;

    private ClusterWithData(NatsCluster cluster)
    {
        Cluster = cluster;
        _connection = cluster.Connect();
        _jetStream = new NatsJSContext(_connection, new NatsJSOpts(_connection.Opts, requestTimeout: TimeSpan.FromSeconds(2)));
    }

    public NatsCluster Cluster { get; }

    public static async Task<ClusterWithData> StartAsync(int replicas)
    {
        var started = new ClusterWithData(await NatsCluster.StartAsync());
        await started._jetStream.CreateStreamAsync(new StreamConfig(Stream, ["data"]) { NumReplicas = replicas });
        return started;
    }

    public Task<NatsServer> LeaderAsync() => Cluster.LeaderOfAsync(Stream);

    public async Task<IEnumerable<string?>> TextsAsync() => (await Cluster.ReadAsync(Stream)).Select(message => message.Data);

    public Task ReplicasAreCurrentAsync() => Eventually.Async(
        async () => (await _jetStream.GetStreamAsync(Stream)).Info.Cluster!.Replicas!,
        replicas => replicas.All(replica => replica is { Current: true, Offline: false, Lag: 0 }),
        Limit,
        "all replicas are current");

    /// <summary>Publishes until an ack comes, under one id: an election takes a while and may swallow an ack.</summary>
    public Task StoreAsync(string text) => Eventually.Async(
        async () =>
        {
            try
            {
                var ack = await _jetStream.PublishAsync("data", text, opts: new NatsJSPubOpts { MsgId = text });
                return ack.Error?.Description;
            }
            catch (NatsException fault)
            {
                // Nobody leads the stream yet.
                return fault.Message;
            }
        },
        refusal => refusal is null,
        Limit,
        $"{text} is stored");

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
