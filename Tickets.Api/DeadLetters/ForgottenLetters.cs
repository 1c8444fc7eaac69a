using Tickets.Handlers.Retention;

namespace Tickets.Api.DeadLetters;

/// <summary>
/// Letters of which nobody can tell any more whether they took effect: the rows that would say so have been removed. To replay
/// one could be to do it twice.
/// </summary>
internal sealed class ForgottenLetters(RetentionOptions retention, TimeProvider clock)
{
    // What a letter tells of may have happened a while before it was written.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    /// <summary>Why a letter can't be replayed, to be read after "it"; null when it can.</summary>
    public string? Fault(Letter letter)
    {
        var (remembered, setting) = letter.IsCommand ? (retention.Ledger, "RETENTION_LEDGER_DAYS") : (retention.Notifications, "RETENTION_NOTIFICATIONS_DAYS");
        return remembered is { } kept && clock.GetUtcNow() - letter.Time > kept - Margin
            ? $"was given up on {letter.Time.UtcDateTime:yyyy-MM-dd}, and what took effect is known for {kept.TotalDays:0} days ({setting}); "
                + "look whether its work was done, then publish its message anew or discard it"
            : null;
    }
}
