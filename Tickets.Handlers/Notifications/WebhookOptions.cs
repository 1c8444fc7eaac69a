namespace Tickets.Handlers.Notifications;

/// <summary>Where notifications are posted.</summary>
/// <param name="Url">An http or https address.</param>
/// <param name="Key">What signs them.</param>
public sealed record WebhookOptions(Uri Url, WebhookKey Key)
{
    /// <summary>Whether it may be in a private network or on this machine. Default false.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>How long one post may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
