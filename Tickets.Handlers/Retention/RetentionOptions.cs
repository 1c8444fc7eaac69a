namespace Tickets.Handlers.Retention;

/// <summary>How long things are kept; null is for ever.</summary>
public sealed record RetentionOptions
{
    /// <summary>Outcomes of commands, which make repeats harmless and answer operations; while commands wait they grow no older. Default 30 days.</summary>
    public TimeSpan? Ledger { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The audit trail. Default for ever.</summary>
    public TimeSpan? Audit { get; init; }

    /// <summary>What became of notifications. Default 90 days.</summary>
    public TimeSpan? Notifications { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The pause between two rounds. Default 1 hour.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);
}
