using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;

namespace Tickets.Handlers;

/// <summary>What a merge patch makes of a ticket, and what is said about it.</summary>
internal static class TicketPatch
{
    /// <summary>The ticket after the patch; the very same one when nothing changes.</summary>
    public static Ticket Apply(UpdateTicket patch, Ticket ticket, DateTimeOffset now)
    {
        var patched = ticket with
        {
            Title = patch.Title.IsSet ? patch.Title.Value!.Trim() : ticket.Title,
            Description = patch.Description.Or(ticket.Description),
            Priority = patch.Priority.Value ?? ticket.Priority,
            Assignee = patch.Assignee.Or(ticket.Assignee)?.Trim(),
            Tags = TagsOf(patch, ticket),
            DueAt = patch.DueAt.IsSet ? Precision.OfTickets(patch.DueAt.Value) : ticket.DueAt,
        };
        patched = patched.Enter(patch.Status.Value ?? ticket.Status, now);
        return patched == ticket ? ticket : patched with { Version = ticket.Version + 1, UpdatedAt = now };
    }

    /// <summary>One event for each fact.</summary>
    public static IEnumerable<ITicketMessage> Events(Ticket before, Ticket after, string actor)
    {
        var changed = Changed(before, after).ToArray();
        if (changed.Length > 0)
        {
            yield return new TicketUpdated(after, before, changed, actor);
        }

        if (after.Assignee != before.Assignee)
        {
            yield return new TicketAssigned(after, after.Assignee, before.Assignee, actor);
        }

        if (after.Status != before.Status)
        {
            yield return new TicketStatusChanged(after, after.Status, before.Status, actor);
        }
    }

    private static IEnumerable<string> Changed(Ticket before, Ticket after)
    {
        (string Name, bool Differs)[] fields =
        [
            ("title", after.Title != before.Title),
            ("description", after.Description != before.Description),
            ("priority", after.Priority != before.Priority),
            ("tags", !ReferenceEquals(after.Tags, before.Tags)),
            ("due_at", after.DueAt != before.DueAt),
        ];
        return fields.Where(field => field.Differs).Select(field => field.Name);
    }

    // The same list when the same tags are there, in whatever order, so that records compare equal.
    private static IReadOnlyList<string> TagsOf(UpdateTicket patch, Ticket ticket)
    {
        if (!patch.Tags.IsSet)
        {
            return ticket.Tags;
        }

        var tags = TicketRules.ToSet(patch.Tags.Value);
        return tags.ToHashSet(StringComparer.Ordinal).SetEquals(ticket.Tags) ? ticket.Tags : tags;
    }
}
