using System.Text.Json.Serialization;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>A page of tickets.</summary>
/// <param name="Tickets">The tickets in the order asked for.</param>
/// <param name="NextCursor">What <c>cursor</c> must be for the next page; null on the last one.</param>
internal sealed record TicketList(IReadOnlyList<Ticket> Tickets, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
