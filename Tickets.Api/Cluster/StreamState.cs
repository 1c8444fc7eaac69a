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

    /// <summary>What is wrong with it.</summary>
    public IEnumerable<string> Faults()
    {
        if (Fault is not null)
        {
            yield return $"stream {Name}: {Fault}";
        }

        foreach (var replica in Replicas.Where(replica => replica.State != ReplicaState.Current))
        {
            yield return $"stream {Name}: its copy on {replica.Node} is {replica.State}";
        }

        foreach (var consumer in Consumers)
        {
            if (consumer.Fault is not null)
            {
                yield return $"consumer {Name}/{consumer.Name}: {consumer.Fault}";
            }
            else if (consumer.IsForsaken)
            {
                yield return $"consumer {Name}/{consumer.Name}: {consumer.Pending} messages wait and no process takes them";
            }
        }
    }
}
