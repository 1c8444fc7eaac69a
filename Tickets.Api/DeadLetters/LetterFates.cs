using Tickets.Contracts;
using Tickets.Contracts.Notifications;
using Wolverine.Nats;

namespace Tickets.Api.DeadLetters;

/// <summary>What can be told of letters: whether they can be replayed, and what has come of them.</summary>
internal sealed class LetterFates(CommandFates commands, NotificationFates notifications)
{
    private static readonly string Notifications = WireNames.Events[typeof(NotificationRequested)];

    /// <summary>Why what it is can't be replayed at all, to be read after "it"; null when it can.</summary>
    public static string? Misfit(Letter letter) =>
        letter.Tenant is null ? "belongs to no valid tenant; publish its message anew where it belongs"
        : !letter.IsCommand && !IsNotification(letter)
            ? $"is neither a command nor a notification, and nobody can tell whether those who read '{letter.Subject}' would recognise the repeat"

        // Older servers store what newer clients don't publish.
        : !NatsSubject.IsPublishable(letter.Subject) ? $"was published to '{letter.Subject}', to which nobody can publish any more"
        : null;

    /// <summary>Why it can't be replayed, where its client was told that it is not accepted; null where not.</summary>
    public async Task<string?> WithdrawalAsync(Letter letter, CancellationToken cancellation) =>
        letter.IsCommand && await commands.WasWithdrawnAsync(letter, cancellation)
            ? "was withdrawn: whoever sent it was told that nothing was accepted, and may have sent it again"
            : null;

    /// <summary>What has come of it.</summary>
    /// <param name="letter">One that is no <see cref="Misfit"/>.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public Task<LetterFate> FindAsync(Letter letter, CancellationToken cancellation) =>
        letter.IsCommand ? commands.FindAsync(letter, cancellation) : notifications.FindAsync(letter, cancellation);

    private static bool IsNotification(Letter letter) => letter.Stream == Subjects.EventStream && letter.Subject == Notifications;
}
