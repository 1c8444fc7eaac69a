namespace Tickets.Api.Cluster;

/// <summary>How a stream fares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fault">Why it does not answer, as without a leader; null when it does.</param>
public sealed record StreamState(string Name, string? Fault = null)
{
    /// <summary>The node that leads it; null for a single server.</summary>
    public string? Leader { get; init; }

    /// <summary>The other copies.</summary>
    public IReadOnlyList<ReplicaState> Replicas { get; init; } = [];

    /// <summary>How many messages it holds.</summary>
    public long Messages { get; init; }

    /// <summary>How many bytes they take.</summary>
    public long Size { get; init; }

    /// <summary>How many they may take; 0 when there is no limit.</summary>
    public long SizeLimit { get; init; }

    /// <summary>The sequence of the newest message.</summary>
    public ulong LastSequence { get; init; }

    /// <summary>Its consumers that are ours.</summary>
    public IReadOnlyList<ConsumerState> Consumers { get; init; } = [];

    /// <summary>Whether it was never made, or deleted.</summary>
    public bool IsMissing { get; init; }

    /// <summary>What of it does not answer, has no leader, or is behind.</summary>
    public IEnumerable<ClusterFault> Outages()
    {
        if (Fault is not null)
        {
            yield return new ClusterFault($"stream {Name}", Fault, IsMissing ? Remedies.Missing : Remedies.Leader);
        }

        foreach (var replica in BadReplicas())
        {
            yield return new ClusterFault(
                $"stream {Name} on {replica.Node}", $"its copy is {replica.State}", replica.State == ReplicaState.Offline ? Remedies.OfflineCopy : Remedies.LaggingCopy);
        }

        foreach (var consumer in Consumers.Where(consumer => consumer.Fault is not null))
        {
            yield return new ClusterFault($"consumer {Name}/{consumer.Name}", consumer.Fault!, consumer.IsMissing ? Remedies.Missing : Remedies.Leader);
        }
    }

    /// <summary>The consumers for which messages wait and nobody takes them.</summary>
    public IEnumerable<ClusterFault> Forsaken() => Consumers.Where(consumer => consumer is { Fault: null, IsForsaken: true }).Select(consumer =>
        new ClusterFault($"consumer {Name}/{consumer.Name}", $"{consumer.Pending} messages wait and no process takes them", Remedies.Forsaken));

    // Only a leader knows how the others fare.
    private IEnumerable<ReplicaState> BadReplicas() => Fault is null ? Replicas.Where(replica => replica.State != ReplicaState.Current) : [];
}
