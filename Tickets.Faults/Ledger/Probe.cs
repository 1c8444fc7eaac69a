namespace Tickets.Faults.Ledger;

/// <summary>The commands that only ask whether a service works: their clients keep no record of them.</summary>
internal static class Probe
{
    public const string Tenant = "probe";
    public const string Title = "probe works";
}
