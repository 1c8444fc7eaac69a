using System.Text.Json.Serialization;

namespace Tickets.Contracts.Commands;

/// <summary>
/// Adds a comment: the body of <c>POST /api/v1/tickets/{id}/comments</c> and of <c>ticket.commands.{tenant}.comment</c>.
/// The ticket itself keeps its version.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CommentOnTicket : ITicketCommand
{
    /// <inheritdoc/>
    public Guid? TicketId { get; init; }

    /// <inheritdoc/>
    public int? IfVersion { get; init; }

    /// <summary>Required, 1 to 200 characters after trimming.</summary>
    public string? Author { get; init; }

    /// <summary>Required, 1 to 20,000 characters, none of them U+0000.</summary>
    public string? Body { get; init; }
}
