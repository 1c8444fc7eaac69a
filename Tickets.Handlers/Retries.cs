using FluentValidation;
using Wolverine;
using Wolverine.ErrorHandling;

namespace Tickets.Handlers;

/// <summary>
/// What happens when a handler throws. Faults of the database never get here: the committer retries them in place for
/// as long as they last.
/// </summary>
public static class Retries
{
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromMilliseconds(240),
        TimeSpan.FromMilliseconds(560),
        TimeSpan.FromMilliseconds(1350),
        TimeSpan.FromMilliseconds(3200),
    ];

    /// <summary>A broken rule is dead-lettered at once; anything else after five more tries.</summary>
    public static void AddRetries(this WolverineOptions options)
    {
        options.OnException<ValidationException>().MoveToErrorQueue();
        options.OnAnyException().RetryWithCooldown(Pauses).WithBoundedJitter(0.2).Then.MoveToErrorQueue();
    }
}
