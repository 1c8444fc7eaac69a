namespace Tickets.Handlers.Notifications;

/// <summary>A channel did not take a notification.</summary>
/// <param name="message">What it answered, without secrets.</param>
/// <param name="permanent">Whether it will never take this one.</param>
/// <param name="cause">What was thrown.</param>
public sealed class DeliveryFailedException(string message, bool permanent, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether trying again is of no use.</summary>
    public bool IsPermanent { get; } = permanent;
}
