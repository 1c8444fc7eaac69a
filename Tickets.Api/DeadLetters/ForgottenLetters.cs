using Tickets.Handlers.Retention;

namespace Tickets.Api.DeadLetters;

/// <summary>
/// Letters of which nobody can tell any more whether they took effect: the rows that would say so have been removed. To replay
/// one could be to do it twice.
/// </summary>
internal sealed class ForgottenLetters(RetentionOptions retention, TimeProvider clock)
{
    // Clocks differ, and letters of earlier versions do not tell when their message was accepted.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    /// <summary>Why a letter can't be replayed, to be read after "it"; null when it can.</summary>
    public string? Fault(Letter letter)
    {
        var (remembered, setting) = letter.IsCommand ? (retention.Ledger, "RETENTION_LEDGER_DAYS") : (retention.Notifications, "RETENTION_NOTIFICATIONS_DAYS");

        // It may have taken effect at once, and have been given up long after: when its process died each time, or was away for weeks.
        var since = letter.AcceptedAt ?? letter.Time;
        return remembered is { } kept && clock.GetUtcNow() - since > kept - Margin
            ? $"is of {since.UtcDateTime:yyyy-MM-dd}, and what took effect is known for {kept.TotalDays:0} days ({setting}); "
                + "look whether its work was done, then publish its message anew or discard it"
            : null;
    }
}
