namespace Tickets.Api.Cluster;

/// <summary>How a copy of a stream fares, as its leader knows.</summary>
/// <param name="Node">Where it is.</param>
/// <param name="State"><see cref="Current"/>, <see cref="Lagging"/> or <see cref="Offline"/>.</param>
/// <param name="Lag">How many operations it is behind.</param>
public sealed record ReplicaState(string Node, string State, ulong Lag)
{
    /// <summary>It has everything.</summary>
    public const string Current = "current";

    /// <summary>It is behind.</summary>
    public const string Lagging = "lagging";

    /// <summary>Its node is away.</summary>
    public const string Offline = "offline";
}
