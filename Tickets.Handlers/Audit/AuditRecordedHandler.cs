using Tickets.Contracts.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;

namespace Tickets.Handlers.Audit;

/// <summary>Writes the audit trail.</summary>
public static class AuditRecordedHandler
{
    /// <summary>Appends the record, once for each id.</summary>
    public static Recording Handle(AuditRecorded record) => new(new AppendAudit(record), []);
}
