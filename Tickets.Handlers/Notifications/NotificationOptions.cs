using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>Who is told what, and how.</summary>
public sealed record NotificationOptions
{
    /// <summary>The channels of each reason; none for a reason that nobody is told of. Default: <c>log</c> for each.</summary>
    public IReadOnlyDictionary<NotificationReason, IReadOnlyList<string>> Channels { get; init; } =
        Enum.GetValues<NotificationReason>().ToDictionary(reason => reason, IReadOnlyList<string> (_) => [LogChannel.ChannelName]);

    /// <summary>The words that make a ticket severe, each as a whole word in any case. Default: critical, major.</summary>
    public IReadOnlyList<string> SevereWords { get; init; } = ["critical", "major"];

    /// <summary>For how long the same reason is not told again of the same ticket. Default 5 minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The pauses between tries; after the last one it is given up. Default 1 s, 5 s, 30 s, 2 min, 10 min.</summary>
    public IReadOnlyList<TimeSpan> Pauses { get; init; } =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
    ];

    /// <summary>A folder with templates that replace the built-in ones; null for none.</summary>
    public string? TemplateFolder { get; init; }

    /// <summary>Where the channel <c>webhook</c> posts; null without that channel.</summary>
    public WebhookOptions? Webhook { get; init; }

    /// <summary>Where the channel <c>smtp</c> sends; null without that channel.</summary>
    public SmtpOptions? Smtp { get; init; }
}
