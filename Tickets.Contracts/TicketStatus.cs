using System.Text.Json.Serialization;

namespace Tickets.Contracts;

/// <summary>Where a ticket stands.</summary>
[JsonConverter(typeof(SnakeCaseEnum<TicketStatus>))]
public enum TicketStatus
{
    /// <summary>New or reopened.</summary>
    Open,

    /// <summary>Somebody works on it.</summary>
    InProgress,

    /// <summary>Waiting for something outside.</summary>
    OnHold,

    /// <summary>Done; the creator may still disagree.</summary>
    Resolved,

    /// <summary>Done for good.</summary>
    Closed,
}
