using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tickets.Contracts;

namespace Tickets.Handlers.Notifications;

/// <summary>The default channel: one line of JSON in the log for each notification.</summary>
public sealed partial class LogChannel(ILogger<LogChannel> logger) : INotificationChannel
{
    /// <summary>The channel's name.</summary>
    public const string ChannelName = "log";

    /// <inheritdoc/>
    public string Name => ChannelName;

    /// <inheritdoc/>
    public Task DeliverAsync(WrittenNotification notification, CancellationToken cancellation)
    {
        LogNotification(logger, JsonSerializer.Serialize(notification.Request, WireJson.Default.NotificationRequested));
        return Task.CompletedTask;
    }

    [LoggerMessage(2001, LogLevel.Information, "{Notification}")]
    private static partial void LogNotification(ILogger logger, string notification);
}
