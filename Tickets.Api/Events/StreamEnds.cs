namespace Tickets.Api.Events;

/// <summary>From where to where the stream of events goes.</summary>
/// <param name="Made">When it was made: sequences count from then on.</param>
/// <param name="First">The sequence of its oldest message; that after <paramref name="Last"/> when all have left it.</param>
/// <param name="Last">The sequence of its newest message; 0 when there was none yet.</param>
public readonly record struct StreamEnds(DateTimeOffset Made, ulong First, ulong Last);
