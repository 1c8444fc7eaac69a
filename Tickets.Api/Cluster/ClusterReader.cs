using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Api.Composition;
using Tickets.Contracts;

namespace Tickets.Api.Cluster;

/// <summary>Asks JetStream, and the nodes whose monitoring is known, how they fare. It changes nothing.</summary>
internal sealed class ClusterReader(NodeReader nodes)
{
    private const int ConsumerNotFound = 10014;
    private const int StreamNotFound = 10059;

    // A stream without a leader answers nothing at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>All of it. What does not answer is told as a fault of its own.</summary>
    public async Task<ClusterState> ReadAsync(INatsJSContext jetStream, CancellationToken cancellation)
    {
        var monitoring = nodes.ReadAsync(cancellation);
        var (fault, _) = await FaultOfAsync(async limit => await jetStream.GetAccountInfoAsync(limit), cancellation);
        var streams = await Task.WhenAll(Subjects.Streams.Select(name => StreamAsync(jetStream, name, cancellation)));
        return new ClusterState(fault, await monitoring, streams);
    }

    /// <summary>What is known while NATS is out of reach.</summary>
    public async Task<ClusterState> ReadWithoutAsync(string fault, CancellationToken cancellation) =>
        new(fault, await nodes.ReadAsync(cancellation), [.. Subjects.Streams.Select(name => new StreamState(name, "not known"))]);

    private static async Task<StreamState> StreamAsync(INatsJSContext jetStream, string name, CancellationToken cancellation)
    {
        StreamInfo? info = null;
        var (fault, isMissing) = await FaultOfAsync(async limit => info = (await jetStream.GetStreamAsync(name, cancellationToken: limit)).Info, cancellation);
        if (info is null)
        {
            return new StreamState(name, fault) { IsMissing = isMissing };
        }

        return new StreamState(name, LeaderFault(info.Cluster))
        {
            Leader = info.Cluster?.Leader,
            Replicas = [.. (info.Cluster?.Replicas ?? []).Select(ReplicaOf)],
            Messages = info.State.Messages,
            Size = info.State.Bytes,
            SizeLimit = Math.Max(info.Config.MaxBytes, 0),
            LastSequence = info.State.LastSeq,
            Consumers = await Task.WhenAll(Consumers.Of(name).Select(consumer => ConsumerAsync(jetStream, name, consumer, cancellation))),
        };
    }

    // Each node answers for its own copy when nobody leads.
    private static string? LeaderFault(ClusterInfo? cluster) => cluster is { Name.Length: > 0, Leader: null or "" } ? "has no leader" : null;

    private static ReplicaState ReplicaOf(PeerInfo peer) => new(
        peer.Name, peer.Offline ? ReplicaState.Offline : peer.Current ? ReplicaState.Current : ReplicaState.Lagging, (ulong)peer.Lag);

    private static async Task<ConsumerState> ConsumerAsync(INatsJSContext jetStream, string stream, string name, CancellationToken cancellation)
    {
        ConsumerInfo? info = null;
        var (fault, isMissing) = await FaultOfAsync(async limit => info = (await jetStream.GetConsumerAsync(stream, name, limit)).Info, cancellation);
        return info is null ? new ConsumerState(name, fault) { IsMissing = isMissing } : new ConsumerState(name, LeaderFault(info.Cluster))
        {
            Leader = info.Cluster?.Leader,
            Pending = info.NumPending,
            AckPending = info.NumAckPending,
            AckPendingLimit = Math.Max(info.Config.MaxAckPending, 0),
            Redelivered = info.NumRedelivered,
            AckFloor = info.AckFloor.StreamSeq,
            Waiting = info.NumWaiting,
        };
    }

    private static async Task<(string? Fault, bool IsMissing)> FaultOfAsync(Func<CancellationToken, Task> ask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await ask(limit.Token);
            return (null, false);
        }
        catch (NatsJSApiException e)
        {
            return (e.Error.Description, e.Error.ErrCode is ConsumerNotFound or StreamNotFound);
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return ("does not answer; it may have no leader, or too few nodes for a quorum", false);
        }
    }
}
