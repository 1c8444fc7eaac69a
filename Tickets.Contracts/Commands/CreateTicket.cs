using System.Text.Json.Serialization;

namespace Tickets.Contracts.Commands;

/// <summary>
/// Opens a ticket: the body of <c>POST /api/v1/tickets</c> and of <c>ticket.commands.{tenant}.create</c>. Unknown
/// properties are refused; what is missing is told by the validator.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateTicket
{
    /// <summary>Required, 1 to 200 characters after trimming.</summary>
    public string? Title { get; init; }

    /// <summary>Up to 20,000 characters, none of them U+0000.</summary>
    public string? Description { get; init; }

    /// <summary>Default <see cref="TicketPriority.Medium"/>.</summary>
    public TicketPriority? Priority { get; init; }

    /// <summary>Required, 1 to 200 characters.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>1 to 200 characters.</summary>
    public string? Assignee { get; init; }

    /// <summary>At most 20, each 1 to 50 characters, none of them a control character; repeats are dropped.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>When it should be done, with an offset from UTC; kept to the millisecond.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? DueAt { get; init; }
}
