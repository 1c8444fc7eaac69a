using Tickets.Api.Composition;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Explaining;

/// <summary>Tells the way of changes: command, transaction, outbox, stream, notifications.</summary>
internal sealed class ExplainedChange(
    Ledger ledger, IOutgoingMessages outbox, NotificationQueries notifications, GivenUpNotifications givenUp, StoredEvents stream, TimeProvider clock)
{
    private static readonly TimeSpan KeptEvents = TimeSpan.FromDays(Streams.DaysOfEvents);

    /// <param name="changes">The changes.</param>
    /// <param name="asksNats">Whether NATS can be asked.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<Explanation> TellAsync(IReadOnlyList<AuditRecorded> changes, bool asksNats, CancellationToken cancellation)
    {
        var stored = asksNats
            ? await stream.FindAsync(
                changes.SelectMany(change => EventsOf(change).Keys.Select(id => KeyValuePair.Create(id, change.OccurredAt))), clock.GetUtcNow() - KeptEvents, cancellation)
            : null;
        var explained = Explanation.Empty;
        foreach (var change in changes)
        {
            explained += await WrittenAsync(change, cancellation) + await EventsAsync(change, stored, cancellation) + await NotificationsAsync(change, asksNats, cancellation);
        }

        return explained;
    }

    /// <summary>Whether a notification was asked for by a change of its ticket: its id begins with the time of that, to the millisecond.</summary>
    public static bool AsksFor(AuditRecorded change, Notification notification) =>
        (TimedId.TimeOf(notification.Id) ?? notification.RequestedAt) - change.OccurredAt is var later
        && later > TimeSpan.FromMilliseconds(-1) && later <= TimeSpan.FromSeconds(1);

    private static Dictionary<Guid, string> EventsOf(AuditRecorded change) =>
        RebuiltEvents.Of(change).ToDictionary(message => EventIdentity.Of(change, message)!.Value, message => WireNames.Events[message.GetType()]);

    private async Task<Explanation> WrittenAsync(AuditRecorded change, CancellationToken cancellation)
    {
        var command = new CommandKey(change.Tenant, change.CommandId);
        List<TimelineStep> steps = [.. CommandOf(change)];
        if (await ledger.WrittenAtAsync(command, cancellation) is { } written && await ledger.FindAsync(command, cancellation) is { } entry)
        {
            steps.Add(new TimelineStep(written, "database", $"committed with its ledger row and outgoing messages; outcome {entry.Status}"));
        }

        return new Explanation(steps, []);
    }

    // Only the ids that the API gives tell when their command was made.
    private static IEnumerable<TimelineStep> CommandOf(AuditRecorded change)
    {
        var command = $"command {change.CommandId} from {change.Actor} by {change.Door.ToString().ToUpperInvariant()}{(change.TraceId is { } trace ? $", trace {trace}" : string.Empty)}";
        var effect = $"{change.Action}: ticket {change.TicketId} of {change.Tenant} becomes version {change.Version}";
        return TimedId.TimeOf(change.CommandId) is { } made
            ? [new(made, "request", command), new(change.OccurredAt, "handler", effect)]
            : [new(change.OccurredAt, "handler", $"{effect}, by {command}")];
    }

    private async Task<Explanation> EventsAsync(
        AuditRecorded change, IReadOnlyDictionary<Guid, (ulong Sequence, DateTimeOffset At)>? stored, CancellationToken cancellation)
    {
        var events = EventsOf(change);

        // The outbox keeps all messages of a change under the id of its record.
        var waiting = await outbox.WaitingAsync(events.Keys, cancellation);
        var explained = Explanation.Empty;
        foreach (var (id, name) in events)
        {
            explained += stored is not null && stored.TryGetValue(id, out var place)
                ? new Explanation([new TimelineStep(place.At, Subjects.EventStream, $"{name} {id} at sequence {place.Sequence}")], [])
                : waiting.Count > 0
                    ? new Explanation([new TimelineStep(null, "outbox", $"{name} {id} waits to be sent")], ["events wait in the outbox until TICKET_EVENTS takes them; ./tickets cluster tells why it does not"])
                : stored is null ? Explanation.Empty
                : clock.GetUtcNow() - change.OccurredAt > KeptEvents
                    ? new Explanation([new TimelineStep(null, Subjects.EventStream, $"{name} {id} was sent, and has left the stream by its age")], [])
                    : new Explanation([new TimelineStep(null, Subjects.EventStream, $"{name} {id} is not there")], [$"{name} was sent and is not in the stream any more; ./tickets republish --since brings it back"]);
        }

        return explained with { Faults = [.. explained.Faults.Distinct(StringComparer.Ordinal)] };
    }

    private async Task<Explanation> NotificationsAsync(AuditRecorded change, bool asksNats, CancellationToken cancellation)
    {
        var explained = Explanation.Empty;
        foreach (var notification in await notifications.OfTicketAsync(change.Tenant, change.TicketId, cancellation))
        {
            if (!AsksFor(change, notification))
            {
                continue;
            }

            var what = $"{notification.Id} ({notification.Reason}, by {notification.Channel})";
            explained += new Explanation([new TimelineStep(notification.RequestedAt, "notification", $"{what} is asked for")], []);
            explained += notification switch
            {
                { Status: NotificationStatus.Failed } => new Explanation(
                    [new TimelineStep(notification.SettledAt, "notification", $"{what} failed: {notification.Error}")], [$"notification {notification.Id} failed: {notification.Error}"]),
                { SettledAt: { } settled } => new Explanation([new TimelineStep(settled, "notification", $"{what} is {notification.Status.ToString().ToLowerInvariant()}")], []),
                _ when asksNats && await givenUp.FindAsync(change.Tenant, notification.Id, cancellation) is { } letter => new Explanation(
                    [new TimelineStep(letter.Time, "notification", $"{what} was given up after {letter.Deliveries} deliveries, as dead letter {letter.Sequence}: {letter.Reason}")],
                    [$"notification {notification.Id} is a dead letter; ./tickets dlq show {letter.Sequence} shows it, and ./tickets dlq replay {letter.Sequence} delivers it"]),
                _ => new Explanation([], [$"notification {notification.Id} is pending; a process whose TICKETS_ROLE has notifications delivers it"]),
            };
        }

        return explained;
    }
}
