namespace Tickets.Api.Routes;

/// <summary>A ticket's id in an address. What is no UUID names no ticket: that is a 404, not a 400.</summary>
internal static class TicketId
{
    /// <exception cref="TicketNotFoundException">It is no UUID.</exception>
    public static Guid Read(string id) => Guid.TryParseExact(id, "D", out var read) ? read : throw new TicketNotFoundException(id);
}
