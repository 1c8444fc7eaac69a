namespace Tickets.Api.DeadLetters;

/// <summary>A dead letter in a list.</summary>
/// <param name="Sequence">Its place in the stream of dead letters.</param>
/// <param name="Tenant">Whose it is; null when no valid tenant is named.</param>
/// <param name="Subject">The subject that its message was published to.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="GivenUpAt">When, in UTC.</param>
/// <param name="Stream">The stream that it was in.</param>
/// <param name="StreamSequence">Its sequence there.</param>
/// <param name="Consumer">The consumer that gave it up.</param>
/// <param name="Deliveries">How often it was delivered.</param>
/// <param name="Id">The identity of the command or event.</param>
/// <param name="Size">The size of its body in bytes.</param>
/// <param name="ReplayOf">The letter that it is a replay of; null when it is none.</param>
internal record LetterSummary(
    ulong Sequence,
    string? Tenant,
    string Subject,
    string Reason,
    DateTimeOffset GivenUpAt,
    string Stream,
    ulong? StreamSequence,
    string Consumer,
    ulong? Deliveries,
    Guid Id,
    long Size,
    ulong? ReplayOf)
{
    public static LetterSummary Of(Letter letter) => new(
        letter.Sequence,
        letter.Tenant,
        letter.Subject,
        letter.Reason,
        letter.Time,
        letter.Stream,
        letter.StreamSequence,
        letter.Consumer,
        letter.Deliveries,
        letter.Identity,
        letter.Size,
        letter.ReplayOf);
}
