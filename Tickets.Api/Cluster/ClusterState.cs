namespace Tickets.Api.Cluster;

/// <summary>How JetStream fares: its nodes, as far as their monitoring is known, its streams and their consumers.</summary>
/// <param name="Fault">Why JetStream can't be asked; null when it answers.</param>
/// <param name="Nodes">One for each address in <c>NATS_MONITOR_URLS</c>.</param>
/// <param name="Streams">The three streams.</param>
public sealed record ClusterState(string? Fault, IReadOnlyList<NodeState> Nodes, IReadOnlyList<StreamState> Streams)
{
    /// <summary>Nothing is known yet, for nobody has asked.</summary>
    public static readonly ClusterState Unknown = new("not looked at yet", [], []);

    /// <summary>Who leads the cluster; null when nobody does, when the nodes don't agree, and when there is one node.</summary>
    public string? MetaLeader => Nodes.Select(node => node.MetaLeader).OfType<string>().Distinct(StringComparer.Ordinal).ToArray() is [var leader] ? leader : null;

    /// <summary>What is wrong, in words for an operator.</summary>
    public IEnumerable<string> Faults()
    {
        if (Fault is not null)
        {
            yield return $"JetStream: {Fault}";
        }

        foreach (var fault in Nodes.Where(node => node.Fault is not null).Select(node => $"{node.Name}: {node.Fault}"))
        {
            yield return fault;
        }

        if (Nodes.Count(node => node.Fault is null) > 1 && MetaLeader is null)
        {
            yield return "the nodes have no meta leader, or do not agree on one";
        }

        foreach (var fault in Streams.SelectMany(stream => stream.Faults()))
        {
            yield return fault;
        }
    }
}
