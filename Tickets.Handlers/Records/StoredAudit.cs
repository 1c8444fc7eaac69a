namespace Tickets.Handlers.Records;

/// <summary>An audit record as it is stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Json">The record.</param>
public sealed record StoredAudit(Guid Id, string Json);
