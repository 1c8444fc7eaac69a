namespace Tickets.Handlers.Notifications;

/// <summary>Where notifications are posted.</summary>
/// <param name="Url">An http or https address.</param>
/// <param name="Secret">The key of the signature.</param>
public sealed record WebhookOptions(Uri Url, string Secret)
{
    /// <summary>Whether it may be in a private network or on this machine. Default false.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>How long one post may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
