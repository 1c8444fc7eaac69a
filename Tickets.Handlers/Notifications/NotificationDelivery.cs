using Microsoft.Extensions.Logging;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>Hands notifications to their channels.</summary>
public sealed class NotificationDelivery(
    IEnumerable<INotificationChannel> channels, NotificationOptions options, TimeProvider clock, ILogger<NotificationDelivery> logger)
{
    /// <summary>How long a try may take. The channels' own timeouts are for one step each.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // However often a process was ended with it meanwhile, the last try comes no sooner.
    private readonly TimeSpan _leastRetrying = options.Pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause) * (1 - Retries.DeliveryJitter);
    private readonly Dictionary<string, (INotificationChannel Channel, ChannelCircuit Circuit)> _channels =
        channels.ToDictionary(channel => channel.Name, channel => (channel, new ChannelCircuit(channel.Name, clock, logger)), StringComparer.Ordinal);

    /// <summary>Delivers a notification.</summary>
    /// <param name="request">The notification.</param>
    /// <param name="attempt">1 for the first try. A process that dies with it is taken for a try as well.</param>
    /// <param name="age">How long ago it was asked for.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <returns>Null when it is delivered, else why it is given up.</returns>
    /// <exception cref="DeliveryFailedException">It is to be tried again.</exception>
    public async Task<string?> TryAsync(NotificationRequested request, int attempt, TimeSpan age, CancellationToken cancellation)
    {
        if (!_channels.TryGetValue(request.Channel, out var found))
        {
            return $"the channel '{request.Channel}' is not configured";
        }

        try
        {
            await found.Circuit.DeliverAsync(token => DeliverAsync(found.Channel, request, token), cancellation);
            return null;
        }
        catch (DeliveryFailedException e) when (e.IsPermanent || (attempt > options.Pauses.Count && age >= _leastRetrying))
        {
            return e.Message;
        }
    }

    private async Task DeliverAsync(INotificationChannel channel, NotificationRequested request, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(Longest, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            await channel.DeliverAsync(request, limit.Token);
        }
        catch (OperationCanceledException e) when (time.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new DeliveryFailedException($"the channel '{channel.Name}' took longer than {Longest.TotalSeconds} s", permanent: false, e);
        }
        catch (Exception e) when (e is not DeliveryFailedException && !(IsInterruption(e) && cancellation.IsCancellationRequested))
        {
            // Tenants read it: a message may name a machine or a secret, its kind does not.
            throw new DeliveryFailedException($"the channel '{channel.Name}' failed ({e.GetType().Name})", permanent: false, e);
        }
    }

    // What the end of the process does to a channel is no fault of it; the next process delivers.
    private static bool IsInterruption(Exception fault) => fault is OperationCanceledException or ObjectDisposedException;
}
