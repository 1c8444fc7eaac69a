using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>A way to tell somebody.</summary>
public interface INotificationChannel
{
    /// <summary>The channel's name in configuration and events.</summary>
    string Name { get; }

    /// <summary>Returns when the notification has been handed over.</summary>
    /// <exception cref="DeliveryFailedException">It has not. Anything else that is thrown is tried again as well, and told by its type alone.</exception>
    Task DeliverAsync(NotificationRequested request, CancellationToken cancellation);
}
