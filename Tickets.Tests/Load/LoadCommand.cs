namespace Tickets.Tests.Load;

/// <summary>A command of the load. Its key is the title that it gives its ticket, and begins with its tenant.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="OverNats">Whether it is published, not posted.</param>
/// <param name="IsUpdate">Whether it changes a ticket that an earlier one has made.</param>
public sealed record LoadCommand(int Number, string Tenant, bool OverNats, bool IsUpdate)
{
    public string Key => $"{Tenant} {Number}";
}
