namespace Tickets.Api.DeadLetters;

/// <summary>A page of dead letters, oldest first.</summary>
/// <param name="Letters">The letters, without their bodies.</param>
/// <param name="Next">The sequence after which the next page begins; null when the stream's end was reached.</param>
public sealed record LetterPage(IReadOnlyList<Letter> Letters, ulong? Next);
