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

    /// <summary>All that is wrong.</summary>
    public IEnumerable<ClusterFault> Faults() => Outages().Concat(Streams.SelectMany(stream => stream.Forsaken()));

    /// <summary>What does not answer, has no leader, or is behind.</summary>
    public IEnumerable<ClusterFault> Outages()
    {
        if (Fault is not null)
        {
            yield return new ClusterFault("JetStream", Fault, Remedies.MetaLeader);
        }

        foreach (var node in Nodes.Where(node => node.Fault is not null))
        {
            yield return new ClusterFault(node.Name, node.Fault!, Remedies.Node);
        }

        if (Nodes.Count(node => node.Fault is null) > 1 && MetaLeader is null)
        {
            yield return new ClusterFault("the nodes", "have no meta leader, or do not agree on one", Remedies.MetaLeader);
        }

        foreach (var fault in Streams.SelectMany(stream => stream.Outages()))
        {
            yield return fault;
        }
    }
}
