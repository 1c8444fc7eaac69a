using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>Hands notifications to their channels.</summary>
public sealed class NotificationDelivery(IEnumerable<INotificationChannel> channels, NotificationOptions options)
{
    // Beyond the channels' own timeouts, which are for one step each.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

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

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        try
        {
            await channel.DeliverAsync(request, limit.Token);
            return null;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            var late = $"the channel '{channel.Name}' took longer than {Longest.TotalSeconds} s";
            return attempt > options.Pauses.Count ? late : throw new DeliveryFailedException(late, permanent: false, e);
        }
        catch (DeliveryFailedException e) when (e.IsPermanent || attempt > options.Pauses.Count)
        {
            return e.Message;
        }
    }
}
