namespace Tickets.Api.Cluster;

/// <summary>How a consumer fares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fault">Why it does not answer; null when it does.</param>
public sealed record ConsumerState(string Name, string? Fault = null)
{
    /// <summary>Whether it was never made, or deleted.</summary>
    public bool IsMissing { get; init; }

    /// <summary>The node that leads it; null for a single server.</summary>
    public string? Leader { get; init; }

    /// <summary>Messages that it has not delivered yet.</summary>
    public ulong Pending { get; init; }

    /// <summary>Messages that are being handled.</summary>
    public long AckPending { get; init; }

    /// <summary>How many may be handled at once; 0 when there is no limit.</summary>
    public long AckPendingLimit { get; init; }

    /// <summary>Messages being handled that were delivered more than once.</summary>
    public long Redelivered { get; init; }

    /// <summary>The sequence up to which everything is acknowledged.</summary>
    public ulong AckFloor { get; init; }

    /// <summary>How many pull requests wait for messages: 0 when no service listens.</summary>
    public long Waiting { get; init; }

    /// <summary>Whether messages wait and nobody takes them.</summary>
    public bool IsForsaken => this is { Waiting: 0, AckPending: 0, Pending: > 0 };
}
