namespace Tickets.Faults.Ledger;

/// <summary>What does not hold.</summary>
public sealed record LedgerFindings
{
    /// <summary>What is missing: effects of what was taken, events of effects.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>What is there more often than it may be.</summary>
    public List<string> Doubled { get; } = [];

    /// <summary>What is under another tenant.</summary>
    public List<string> Misplaced { get; } = [];

    /// <summary>All of it.</summary>
    public IEnumerable<string> All => [.. Lost, .. Doubled, .. Misplaced];
}
