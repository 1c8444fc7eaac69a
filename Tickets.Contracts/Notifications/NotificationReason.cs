namespace Tickets.Contracts.Notifications;

/// <summary>Why somebody is told about a ticket.</summary>
public enum NotificationReason
{
    /// <summary>The ticket became severe: by its priority, or by the word "critical" or "major" in its text.</summary>
    Severe,
}
