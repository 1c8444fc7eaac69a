using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tickets.Contracts;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>The default channel: one line of JSON in the log for each notification.</summary>
public sealed partial class LogChannel(ILogger<LogChannel> logger) : INotificationChannel
{
    /// <inheritdoc/>
    public string Name => "log";

    /// <inheritdoc/>
    public Task DeliverAsync(NotificationRequested notification, CancellationToken cancellation)
    {
        LogNotification(logger, JsonSerializer.Serialize(notification, WireJson.Default.NotificationRequested));
        return Task.CompletedTask;
    }

    [LoggerMessage(2001, LogLevel.Information, "{Notification}")]
    private static partial void LogNotification(ILogger logger, string notification);
}
