using System.Data.Common;
using FluentValidation;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.ErrorHandling;

namespace Tickets.Handlers;

/// <summary>
/// What happens when a handler throws. Faults of the database and a full outbox are waited for in place for as long as they
/// last (ADR 4); they get here when the process stops meanwhile.
/// </summary>
public static class Retries
{
    /// <summary>By which part a pause between two tries of a notification may be shorter or longer.</summary>
    internal const double DeliveryJitter = 0.2;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromMilliseconds(240),
        TimeSpan.FromMilliseconds(560),
        TimeSpan.FromMilliseconds(1350),
        TimeSpan.FromMilliseconds(3200),
    ];

    // Two processes may meet at one ticket again and again, and each time one of them gets on.
    private static readonly TimeSpan[] Collisions = [.. Enumerable.Range(1, 24).Select(i => TimeSpan.FromMilliseconds(Math.Min(10 * i, 100)))];

    /// <summary>
    /// A broken rule and a forged replay are dead-lettered at once; who met another at a ticket decides anew; who was still
    /// waiting when the process stops is given back; anything else is dead-lettered after five more tries.
    /// </summary>
    /// <param name="options">Where the policies go.</param>
    /// <param name="deliveryPauses">The pauses between the tries of a notification.</param>
    public static void AddRetries(this WolverineOptions options, IReadOnlyList<TimeSpan> deliveryPauses)
    {
        if (deliveryPauses.Count > 0)
        {
            options.OnException<DeliveryFailedException>().ScheduleRetry([.. deliveryPauses]).WithBoundedJitter(DeliveryJitter)
                .Then.ScheduleRetryIndefinitely(deliveryPauses[^1]);
        }

        options.OnException<DbException>(StorageFaults.MayPass)
            .Or<OutboxFullException>()
            .Or<ObjectDisposedException>()
            .Or<OperationCanceledException>()
            .ScheduleRetryIndefinitely(Pauses[^1]);
        options.OnException<ValidationException>().MoveToErrorQueue();
        options.OnException<ForgedReplayException>().MoveToErrorQueue();
        options.OnException<VersionConflictException>().RetryWithCooldown(Collisions).WithBoundedJitter(1).Then.ScheduleRetryIndefinitely(Pauses[^1]);
        options.OnAnyException().RetryWithCooldown(Pauses).WithBoundedJitter(0.2).Then.MoveToErrorQueue();
    }
}
