namespace Tickets.Handlers;

/// <summary>
/// How fine the times of tickets are: a millisecond. Ids hold their time so, and sort tickets as their times do; and no storage cuts them
/// off, so what is answered is what is stored.
/// </summary>
internal static class Precision
{
    /// <summary>The time to the millisecond, UTC.</summary>
    public static DateTimeOffset OfTickets(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>As <see cref="OfTickets(DateTimeOffset)"/>; null for none.</summary>
    public static DateTimeOffset? OfTickets(DateTimeOffset? time) => time is { } some ? OfTickets(some) : null;
}
