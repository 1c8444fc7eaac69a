namespace Tickets.Api.Explaining;

/// <summary>The way of a ticket, a command or an event, on one timeline.</summary>
/// <param name="Steps">What happened, oldest first, and what has yet to happen.</param>
/// <param name="Faults">What is not as it should be, and what to do.</param>
public sealed record Explanation(IReadOnlyList<TimelineStep> Steps, IReadOnlyList<string> Faults)
{
    /// <summary>Nothing was found.</summary>
    public static readonly Explanation Empty = new([], []);

    /// <summary>Both in one.</summary>
    public static Explanation operator +(Explanation one, Explanation other) => new(
        [.. one.Steps.Concat(other.Steps).OrderBy(step => step.At ?? DateTimeOffset.MaxValue)], [.. one.Faults, .. other.Faults]);

    /// <summary>Both in one.</summary>
    public static Explanation Add(Explanation one, Explanation other) => one + other;
}
