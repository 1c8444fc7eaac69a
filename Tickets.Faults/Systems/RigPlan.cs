namespace Tickets.Faults.Systems;

/// <summary>What a system is made of.</summary>
/// <param name="Nodes">How many NATS nodes: 1 or 3.</param>
public sealed record RigPlan(int Nodes = 1)
{
    /// <summary>Whether the services are in a network of their own, whose cables to NATS and to the database can be cut.</summary>
    public bool HasNetwork { get; init; }

    /// <summary>The size of a disk of its own that NATS stores on, in MiB; null for the system's.</summary>
    public int? NatsDisk { get; init; }

    /// <summary>The size of a disk of its own that the database is on, in MiB; null for the system's.</summary>
    public int? DatabaseDisk { get; init; }

    /// <summary>Whether answers to commits can be lost on the way from PostgreSQL.</summary>
    public bool LosesCommitAnswers { get; init; }

    /// <summary>How many services there are on PostgreSQL; a SQLite file has one.</summary>
    public int Services { get; init; } = 2;

    /// <summary>Whether the services are started with the system.</summary>
    public bool Starts { get; init; } = true;

    /// <summary>Added to the configuration of NATS.</summary>
    public string NatsConfiguration { get; init; } = string.Empty;

    /// <summary>Whether it takes the rights of root: to make a network, or to mount a disk.</summary>
    public bool NeedsRoot => HasNetwork || NatsDisk is not null || DatabaseDisk is not null;

    /// <summary>More of the environment of a service, counted from 0.</summary>
    public Func<int, (string Name, string Value)[]> Settings { get; init; } = _ => [];
}
