namespace Tickets.Contracts;

/// <summary>A message about one ticket.</summary>
public interface ITicketMessage
{
    /// <summary>The ticket's id, which is also the event's <c>ce-subject</c>.</summary>
    Guid TicketId { get; }
}
