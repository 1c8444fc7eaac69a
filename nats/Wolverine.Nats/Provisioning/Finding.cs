namespace Wolverine.Nats.Provisioning;

/// <summary>What an inspection found out about one thing.</summary>
/// <param name="Subject">What was looked at, such as <c>stream TICKET_EVENTS</c>.</param>
/// <param name="Fault">What is wrong with it and what to do; null when all is well.</param>
public sealed record Finding(string Subject, string? Fault)
{
    /// <summary>What differs from the declaration, or is forbidden: waiting won't mend it. Null when nothing does.</summary>
    public string? Difference { get; init; }

    /// <summary>Whether all is well.</summary>
    public bool IsWell => Fault is null;
}
