namespace Tickets.Handlers.Retention;

/// <summary>A row that was looked at.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Key">The key beside the tenant.</param>
/// <param name="IsOld">Whether it is older than it may be.</param>
internal sealed record PrunedRow(string Tenant, Guid Key, bool IsOld);
