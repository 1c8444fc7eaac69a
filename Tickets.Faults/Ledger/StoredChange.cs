using Tickets.Contracts.Audit;
using Tickets.Faults.Load;

namespace Tickets.Faults.Ledger;

/// <summary>What the check needs of an audit record; there may be a million of them.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Tenant">Under whom it is stored.</param>
/// <param name="Action">The event's name.</param>
/// <param name="Of">Which change.</param>
/// <param name="Kind">Which kind of command made it.</param>
/// <param name="Mark">What shows which command made it.</param>
/// <param name="Title">The ticket's title.</param>
/// <param name="CommandId">The command.</param>
public sealed record StoredChange(string Id, string Tenant, string Action, Change Of, CommandKind Kind, string Mark, string Title, Guid CommandId)
{
    /// <summary>The change that an audit record is about.</summary>
    public static StoredChange From(AuditRecorded record)
    {
        var (kind, mark) = MarkOf(record);
        var change = new Change(record.TicketId.ToString(), record.Version, record.Comment?.Id.ToString());
        return new StoredChange(
            record.Id.ToString(), record.Tenant, string.Intern(record.Action), change, kind, mark, (record.After ?? record.Before)!.Title, record.CommandId);
    }

    private static (CommandKind Kind, string Mark) MarkOf(AuditRecorded record) => record switch
    {
        { Before: null } => (CommandKind.Create, record.After!.Title),
        { After: null } => (CommandKind.Delete, record.TicketId.ToString()),
        { Comment: { } comment } => (CommandKind.Comment, comment.Body),
        _ => (CommandKind.Update, record.After!.Title),
    };
}
