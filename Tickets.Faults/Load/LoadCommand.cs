namespace Tickets.Faults.Load;

/// <summary>A command of the load.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Kind">What it does.</param>
/// <param name="OverNats">Whether it is published, not posted.</param>
/// <param name="TicketId">To which ticket; null for a creation.</param>
public sealed record LoadCommand(int Number, string Tenant, CommandKind Kind, bool OverNats, string? TicketId = null)
{
    /// <summary>Its identity. Its effect shows it, and it begins with its tenant.</summary>
    public string Key => $"{Tenant} {Number}";
}
