using System.Text.Json.Serialization;

namespace Tickets.Contracts.Notifications;

/// <summary>Where a notification stands.</summary>
[JsonConverter(typeof(SnakeCaseEnum<NotificationStatus>))]
public enum NotificationStatus
{
    /// <summary>It is being delivered, or will be tried again.</summary>
    Pending,

    /// <summary>Its channel has it.</summary>
    Delivered,

    /// <summary>It was given up.</summary>
    Failed,

    /// <summary>It was left out: the same was pending or delivered a short time before.</summary>
    Suppressed,
}
