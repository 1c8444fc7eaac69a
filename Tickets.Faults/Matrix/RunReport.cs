using Tickets.Faults.Ledger;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What came of a run.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Storage">The storage.</param>
/// <param name="Seed">Its seed.</param>
public sealed record RunReport(string Fault, StorageKind Storage, int Seed)
{
    /// <summary>How many commands were sent.</summary>
    public int Commands { get; set; }

    /// <summary>From the healing to the first handled command.</summary>
    public TimeSpan Recovery { get; set; }

    /// <summary>What the ledger check found.</summary>
    public LedgerFindings Ledger { get; set; } = new();

    /// <summary>What else does not hold.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>The folder of the evidence, when it failed.</summary>
    public string? Evidence { get; init; }

    /// <summary>Whether all holds.</summary>
    public bool IsClean => Findings.Count == 0 && !Ledger.All.Any();
}
