using System.Diagnostics.CodeAnalysis;

namespace Tickets.Api.Routes;

/// <summary>A ticket's id in an address. What is no UUID names no ticket: that is a 404, not a 400.</summary>
/// <param name="Value">The id.</param>
internal readonly record struct TicketId(Guid Value) : IParsable<TicketId>
{
    public static TicketId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new TicketNotFoundException(s);

    /// <exception cref="TicketNotFoundException">It is no UUID.</exception>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TicketId result)
    {
        result = Guid.TryParseExact(s, "D", out var id) ? new TicketId(id) : throw new TicketNotFoundException(s ?? string.Empty);
        return true;
    }
}
