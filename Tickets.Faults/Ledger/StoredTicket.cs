namespace Tickets.Faults.Ledger;

/// <summary>A ticket as it is stored.</summary>
public sealed record StoredTicket
{
    /// <summary>Whose it is.</summary>
    public string Tenant { get; init; } = string.Empty;

    /// <summary>Its id.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>Its version.</summary>
    public long Version { get; init; }
}
