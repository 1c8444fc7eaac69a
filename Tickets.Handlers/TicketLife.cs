using System.Collections.Frozen;
using Tickets.Contracts;

namespace Tickets.Handlers;

/// <summary>From which status a ticket can go to which. To stay where it is changes nothing and is always allowed.</summary>
public static class TicketLife
{
    private static readonly FrozenDictionary<TicketStatus, TicketStatus[]> Next = new Dictionary<TicketStatus, TicketStatus[]>
    {
        [TicketStatus.Open] = [TicketStatus.InProgress, TicketStatus.OnHold, TicketStatus.Resolved, TicketStatus.Closed],
        [TicketStatus.InProgress] = [TicketStatus.Open, TicketStatus.OnHold, TicketStatus.Resolved, TicketStatus.Closed],
        [TicketStatus.OnHold] = [TicketStatus.Open, TicketStatus.InProgress, TicketStatus.Resolved, TicketStatus.Closed],
        [TicketStatus.Resolved] = [TicketStatus.Open, TicketStatus.Closed],
        [TicketStatus.Closed] = [TicketStatus.Open],
    }.ToFrozenDictionary();

    /// <summary>Where a ticket can go from a status.</summary>
    public static IReadOnlyList<TicketStatus> AllowedFrom(TicketStatus status) => Next[status];

    /// <summary>Whether a ticket can go from one to the other.</summary>
    public static bool CanChange(TicketStatus from, TicketStatus to) => from == to || Next[from].Contains(to);

    /// <summary>The ticket with another status, and the times that belong to it.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="status">One that it can change to.</param>
    /// <param name="now">The time of the change, UTC.</param>
    public static Ticket Enter(this Ticket ticket, TicketStatus status, DateTimeOffset now) => status == ticket.Status ? ticket : ticket with
    {
        Status = status,
        ResolvedAt = status switch
        {
            TicketStatus.Resolved => now,
            TicketStatus.Closed => ticket.ResolvedAt,
            _ => null,
        },
        ClosedAt = status == TicketStatus.Closed ? now : null,
    };
}
