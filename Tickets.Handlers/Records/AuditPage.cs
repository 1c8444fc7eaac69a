using Tickets.Contracts.Audit;

namespace Tickets.Handlers.Records;

/// <summary>A page of the audit trail.</summary>
/// <param name="Records">Newest first.</param>
/// <param name="HasMore">Whether there are older ones.</param>
public sealed record AuditPage(IReadOnlyList<AuditRecorded> Records, bool HasMore);
