namespace Tickets.Api.DeadLetters;

/// <summary>What has come of a dead letter.</summary>
public enum ReplayStatus
{
    /// <summary>Nobody has replayed it.</summary>
    None,

    /// <summary>It was replayed and waits to be handled.</summary>
    Pending,

    /// <summary>Its message has taken effect: by this replay, by another of the same message, or before it was given up.</summary>
    Succeeded,

    /// <summary>It was replayed, handled and refused; it changed nothing.</summary>
    Refused,

    /// <summary>It was replayed and given up again.</summary>
    DeadLettered,
}
