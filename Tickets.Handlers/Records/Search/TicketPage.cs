using Tickets.Contracts;

namespace Tickets.Handlers.Records.Search;

/// <summary>A page of tickets.</summary>
/// <param name="Tickets">The tickets in their order.</param>
/// <param name="Next">Where it ended; null when it is the last page.</param>
public sealed record TicketPage(IReadOnlyList<Ticket> Tickets, TicketPosition? Next);
