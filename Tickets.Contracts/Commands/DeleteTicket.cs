using System.Text.Json.Serialization;

namespace Tickets.Contracts.Commands;

/// <summary>
/// Removes a ticket and its comments: <c>DELETE /api/v1/tickets/{id}</c> and <c>ticket.commands.{tenant}.delete</c>. Its
/// audit records stay.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeleteTicket : ITicketCommand
{
    /// <inheritdoc/>
    public Guid? TicketId { get; init; }

    /// <inheritdoc/>
    public int? IfVersion { get; init; }
}
