using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>A row of the fault matrix, or one kind of it.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Plan">To which system.</param>
/// <param name="InjectAsync">Makes it happen under load, and heals it. What does not hold goes to the run's findings.</param>
public sealed record Fault(string Name, RigPlan Plan, Func<FaultRun, Task> InjectAsync)
{
    /// <summary>On which storages.</summary>
    public IReadOnlyList<StorageKind> Storages { get; init; } = [StorageKind.Sqlite, StorageKind.PostgreSql];

    /// <summary>Whether it can happen again and again to any system of several nodes and services.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Whether dead letters of valid commands are part of it, so that they are no finding.</summary>
    public bool LeavesDeadLetters { get; init; }

    /// <summary>Whether what was committed may be gone, by a damage that no program can undo; then only what is left must fit together.</summary>
    public bool LosesTheTail { get; init; }

    /// <summary>How long each sender of the load rests after a command; null for the load's own.</summary>
    public TimeSpan? Pace { get; init; }

    /// <summary>For how long the system may need after it is healed.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);
}
