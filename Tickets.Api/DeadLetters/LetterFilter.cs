namespace Tickets.Api.DeadLetters;

/// <summary>Which dead letters are asked for.</summary>
public sealed record LetterFilter
{
    /// <summary>Whose; null for everybody's, and those that are nobody's.</summary>
    public string? Tenant { get; init; }

    /// <summary>What the reason must hold, whatever its case; null for any.</summary>
    public string? Reason { get; init; }

    /// <summary>The earliest time at which it was stored; null for any.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time before which it was stored; null for any.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether it is one of them.</summary>
    public bool Takes(Letter letter) =>
        (Tenant is null || letter.Tenant == Tenant)
        && (Reason is null || letter.Reason.Contains(Reason, StringComparison.OrdinalIgnoreCase))
        && (Since is null || letter.Time >= Since)
        && (Until is null || letter.Time < Until);
}
