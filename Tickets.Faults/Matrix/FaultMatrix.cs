namespace Tickets.Faults.Matrix;

/// <summary>All faults.</summary>
public static class FaultMatrix
{
    /// <summary>The rows, in the order of the table.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. WorkerFaults.All,
        .. NatsFaults.All,
        .. PartitionFaults.All,
        .. DatabaseFaults.All,
        .. DiskFaults.All,
        .. TopologyFaults.All,
        .. ClientFaults.All,
        .. LifeFaults.All,
    ];
}
