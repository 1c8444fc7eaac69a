using System.Text.Json.Serialization;

namespace Tickets.Contracts.Commands;

/// <summary>
/// Changes a ticket by a JSON merge patch (RFC 7396): the body of <c>PATCH /api/v1/tickets/{id}</c> and of
/// <c>ticket.commands.{tenant}.update</c>. What is absent stays; null removes where that is possible.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UpdateTicket : ITicketCommand
{
    /// <inheritdoc/>
    public Guid? TicketId { get; init; }

    /// <inheritdoc/>
    public int? IfVersion { get; init; }

    /// <summary>1 to 200 characters after trimming.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Title { get; init; }

    /// <summary>Up to 20,000 characters, none of them U+0000; null removes it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Description { get; init; }

    /// <summary>One of the four.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<TicketPriority?> Priority { get; init; }

    /// <summary>A status that the present one can change to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<TicketStatus?> Status { get; init; }

    /// <summary>1 to 200 characters; null takes the ticket from whoever has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Assignee { get; init; }

    /// <summary>All tags, at most 20, each 1 to 50 characters, none of them a control character; null removes all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>> Tags { get; init; }

    /// <summary>When it should be done, with an offset from UTC; kept to the millisecond. Null removes it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> DueAt { get; init; }
}
