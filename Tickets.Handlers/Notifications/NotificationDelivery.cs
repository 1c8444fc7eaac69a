using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>Hands notifications to their channels.</summary>
public sealed class NotificationDelivery(IEnumerable<INotificationChannel> channels, NotificationOptions options)
{
    private readonly Dictionary<string, INotificationChannel> _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);

    /// <summary>Delivers a notification.</summary>
    /// <param name="request">The notification.</param>
    /// <param name="attempt">1 for the first try.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <returns>Null when it is delivered, else why it is given up.</returns>
    /// <exception cref="DeliveryFailedException">It is to be tried again.</exception>
    public async Task<string?> TryAsync(NotificationRequested request, int attempt, CancellationToken cancellation)
    {
        if (!_channels.TryGetValue(request.Channel, out var channel))
        {
            return $"the channel '{request.Channel}' is not configured";
        }

        try
        {
            await channel.DeliverAsync(request, cancellation);
            return null;
        }
        catch (DeliveryFailedException e) when (e.IsPermanent || attempt > options.Pauses.Count)
        {
            return e.Message;
        }
    }
}
