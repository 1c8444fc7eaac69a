namespace Tickets.Faults.Ledger;

/// <summary>Which change: a version of a ticket, or a comment, which leaves the version as it is.</summary>
/// <param name="TicketId">The ticket.</param>
/// <param name="Version">Its version after the change.</param>
/// <param name="CommentId">The comment.</param>
public sealed record Change(string TicketId, int Version, string? CommentId)
{
    /// <inheritdoc/>
    public override string ToString() => $"{TicketId}, version {Version}{(CommentId is null ? string.Empty : $", comment {CommentId}")}";
}
