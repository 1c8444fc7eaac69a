using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace NatsServers;

/// <summary>Makes a stream with a replica on every node, to see whether the cluster can, and deletes it.</summary>
public sealed class ReplicationProbe(NatsConnection connection, int nodes)
{
    public const string Ready = "ready";

    private readonly NatsJSContext _jetStream = new(connection, Options(connection));
    private readonly string _name = $"probe-{Guid.NewGuid():N}";

    /// <summary>A cluster without a leader leaves requests unanswered; asking again soon is faster than waiting for the default of 5 s.</summary>
    public static NatsJSOpts Options(NatsConnection connection) => new(connection.Opts, requestTimeout: TimeSpan.FromSeconds(2));

    /// <summary>Whether each stream has a leader and every replica of it is there and up to date: only then may the next node be away.</summary>
    public static async Task<bool> AllAreCurrentAsync(NatsConnection connection)
    {
        try
        {
            await foreach (var stream in new NatsJSContext(connection).ListStreamsAsync())
            {
                if (stream.Info.Cluster is not { Leader.Length: > 0, Replicas: { } replicas } || replicas.Any(replica => replica is not { Current: true, Offline: false }))
                {
                    return false;
                }
            }

            return true;
        }
        catch (NatsException)
        {
            // No leader answers yet.
            return false;
        }
    }

    /// <summary>The nodes on which a copy of a stream is not up to date, as the streams' leaders know.</summary>
    public static async Task<IReadOnlyList<string>> NodesBehindAsync(NatsConnection connection)
    {
        List<string> behind = [];
        await foreach (var stream in new NatsJSContext(connection).ListStreamsAsync())
        {
            behind.AddRange((stream.Info.Cluster?.Replicas ?? []).Where(replica => replica is not { Current: true, Offline: false }).Select(replica => replica.Name));
        }

        return [.. behind.Distinct()];
    }

    /// <summary><see cref="Ready"/>, or what is still missing. May be repeated until it is ready.</summary>
    public async Task<string> TryAsync()
    {
        try
        {
            var stream = await _jetStream.CreateStreamAsync(new StreamConfig(_name, [_name]) { NumReplicas = nodes });
            var replicas = stream.Info.Cluster?.Replicas ?? [];
            if (replicas.Count(replica => replica is { Current: true, Offline: false }) < nodes - 1)
            {
                return $"replicas of the probe: {string.Join(", ", replicas)}";
            }

            await _jetStream.DeleteStreamAsync(_name);
            return Ready;
        }
        catch (NatsException fault)
        {
            // No connection yet, no leader yet, too few nodes yet: what the wait is for.
            return fault.Message;
        }
    }
}
