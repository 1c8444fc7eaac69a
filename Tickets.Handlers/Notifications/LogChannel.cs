using System.Text.Json;
using Tickets.Contracts;

namespace Tickets.Handlers.Notifications;

/// <summary>The default channel: one line of JSON on standard output for each notification, whatever the log's level.</summary>
public sealed class LogChannel : INotificationChannel
{
    /// <summary>The channel's name.</summary>
    public const string ChannelName = "log";

    /// <inheritdoc/>
    public string Name => ChannelName;

    /// <inheritdoc/>
    public Task DeliverAsync(WrittenNotification notification, CancellationToken cancellation) =>
        Console.Out.WriteLineAsync(
            JsonSerializer.Serialize(notification.Request, WireJson.Default.NotificationRequested).AsMemory(), cancellation);
}
