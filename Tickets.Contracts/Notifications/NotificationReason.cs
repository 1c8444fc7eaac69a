using System.Text.Json.Serialization;

namespace Tickets.Contracts.Notifications;

/// <summary>Why somebody is told about a ticket.</summary>
[JsonConverter(typeof(SnakeCaseEnum<NotificationReason>))]
public enum NotificationReason
{
    /// <summary>The ticket became severe: by its priority, or by a word such as "critical" in its text.</summary>
    Severe,

    /// <summary>The ticket got an assignee, who is told.</summary>
    Assigned,

    /// <summary>The ticket is resolved; who asked for it is told.</summary>
    Resolved,
}
