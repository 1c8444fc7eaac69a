namespace Tickets.Api.Cluster;

/// <summary>How a node fares, as its monitoring tells.</summary>
/// <param name="Address">Where its monitoring is: host and port.</param>
/// <param name="Name">Its name, or its address when it does not answer.</param>
/// <param name="Fault">Why it can't be asked; null when it answers.</param>
public sealed record NodeState(string Address, string Name, string? Fault = null)
{
    /// <summary>Its version.</summary>
    public string? Version { get; init; }

    /// <summary>For how long it has run, such as <c>4m14s</c>.</summary>
    public string? Uptime { get; init; }

    /// <summary>How many clients are connected.</summary>
    public int Connections { get; init; }

    /// <summary>The nodes it has a route to.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Who leads the cluster, as it knows; null without a leader or a cluster.</summary>
    public string? MetaLeader { get; init; }

    /// <summary>Memory of the process in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>What JetStream keeps in files, in bytes.</summary>
    public long StoreSize { get; init; }

    /// <summary>How much it may keep, in bytes; 0 when there is no limit.</summary>
    public long StoreLimit { get; init; }
}
