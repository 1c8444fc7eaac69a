using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Wolverine.Nats.Receiving;

namespace Tickets.Api.Explaining;

/// <summary>Finds out what an id is, and tells the way of it.</summary>
internal sealed class Explainer(AuditArchive archive, AuditQueries audit, NotificationQueries notifications, Ledger ledger, ExplainedChange changes, QueuedCommand queue)
{
    private const int MostChanges = 50;

    // How long before a notification its change was decided, at most.
    private static readonly TimeSpan LongestAsking = TimeSpan.FromSeconds(1);

    // A handler decides before its transaction is written.
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(1);

    /// <param name="text">The id.</param>
    /// <param name="tenant">Whose; null for everybody's.</param>
    /// <param name="asksNats">Whether NATS can be asked.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<Explanation> ExplainAsync(string text, string? tenant, bool asksNats, CancellationToken cancellation)
    {
        var id = DeliveryIdentity.Of(text);
        var explained = Explanation.Empty;
        List<AuditRecorded> found = [];
        foreach (var owner in tenant is null ? await TenantsAsync(cancellation) : [tenant])
        {
            var changed = await ChangesAsync(owner, id, cancellation);
            if (changed.Count > MostChanges)
            {
                explained += new Explanation([new TimelineStep(changed[0].OccurredAt, "database", $"changed before, too: GET /api/v1/tickets/{id}/history tells all of it; these are its newest {MostChanges} changes")], []);
                changed = [.. changed.Skip(1)];
            }

            found.AddRange(changed);
            explained += await OutcomeAsync(new CommandKey(owner, id), isTold: changed.Count > 0, cancellation);
        }

        explained += await changes.TellAsync(found, asksNats, cancellation);
        return asksNats ? explained + await queue.FindAsync(id, tenant, mayWait: explained.Steps.Count == 0, cancellation) : explained;
    }

    // One whose commands were all refused has no changes, and each of the two is kept for a time of its own.
    private async Task<IEnumerable<string>> TenantsAsync(CancellationToken cancellation) =>
        (await archive.TenantsAsync(cancellation)).Union(await ledger.TenantsAsync(cancellation), StringComparer.Ordinal);

    // As a ticket, as a command, as a notification, as an event. Of a ticket one more than is told.
    private async Task<IReadOnlyList<AuditRecorded>> ChangesAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        if (await audit.HistoryAsync(tenant, id, MostChanges + 1, cancellation) is { Count: > 0 } history)
        {
            return [.. history.Reverse()];
        }

        if (await OfCommandAsync(new CommandKey(tenant, id), cancellation) is { } change)
        {
            return [change];
        }

        if (await notifications.FindAsync(tenant, id, cancellation) is { } notification)
        {
            return [.. (await NearAsync(tenant, TimedId.TimeOf(notification.Id) ?? notification.RequestedAt, LongestAsking, cancellation))
                .Where(record => record.TicketId == notification.TicketId && ExplainedChange.AsksFor(record, notification)).TakeLast(1)];
        }

        return [.. (await NearAsync(tenant, TimedId.TimeOf(id), TimeSpan.Zero, cancellation)).Where(record => RebuiltEvents.Of(record).Any(message => EventIdentity.Of(record, message) == id))];
    }

    private async Task<AuditRecorded?> OfCommandAsync(CommandKey command, CancellationToken cancellation)
    {
        if (await ledger.FindAsync(command, cancellation) is not { TookEffect: true } entry)
        {
            return null;
        }

        var candidates = TicketIn(entry.Body) is { } ticket
            ? await audit.HistoryAsync(command.Tenant, ticket, int.MaxValue, cancellation)
            : await NearAsync(command.Tenant, await ledger.WrittenAtAsync(command, cancellation), LongestTransaction, cancellation);
        return candidates.FirstOrDefault(record => record.CommandId == command.CommandId);
    }

    private async Task<IReadOnlyList<AuditRecorded>> NearAsync(string tenant, DateTimeOffset? time, TimeSpan before, CancellationToken cancellation)
    {
        List<AuditRecorded> found = [];
        if (time is { } at)
        {
            await foreach (var batch in archive.ReadAsync(tenant, new AuditSpan(at - before, at.AddMilliseconds(1)), cancellation))
            {
                found.AddRange(batch.Select(stored => JsonSerializer.Deserialize(stored.Json, WireJson.Default.AuditRecorded)!));
            }
        }

        return found;
    }

    // Of a command that no change tells of.
    private async Task<Explanation> OutcomeAsync(CommandKey command, bool isTold, CancellationToken cancellation)
    {
        if (await ledger.FindAsync(command, cancellation) is not { } entry || (entry.TookEffect && isTold))
        {
            return Explanation.Empty;
        }

        var at = await ledger.WrittenAtAsync(command, cancellation);
        if (entry.TookEffect)
        {
            var where = TicketIn(entry.Body) is { } ticket ? $"; ./tickets explain {ticket} tells of its ticket" : string.Empty;
            return new Explanation([new TimelineStep(at, "database", $"outcome {entry.Status}, that of an earlier request with the same key, or its audit record is gone{where}")], []);
        }

        return entry.IsWithdrawn
            ? new Explanation([new TimelineStep(at, "database", "withdrawn: its caller was told that nothing was accepted")], ["it was withdrawn, as NATS did not confirm it in time; it never takes effect"])
            : new Explanation([new TimelineStep(at, "database", $"refused with {entry.Status}: {entry.Body}")], [$"it was refused with {entry.Status}; it changed nothing"]);
    }

    private static Guid? TicketIn(string body)
    {
        using var json = JsonDocument.Parse(body);
        var found = json.RootElement.ValueKind != JsonValueKind.Object ? default
            : json.RootElement.TryGetProperty("ticket_id", out var of) ? of
            : json.RootElement.TryGetProperty("id", out var own) ? own
            : default;
        return found.ValueKind == JsonValueKind.String && found.TryGetGuid(out var id) ? id : null;
    }
}
