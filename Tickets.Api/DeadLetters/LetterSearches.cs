using Tickets.Contracts;

namespace Tickets.Api.DeadLetters;

/// <summary>Lists dead letters a page at a time.</summary>
public sealed class LetterSearches(LetterStream stream)
{
    /// <summary>How many letters are looked at for a page at most, so that a rare reason in a full stream ends in time.</summary>
    public const int MostLookedAt = 10_000;

    /// <summary>The letters that pass a filter, oldest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">The sequence after which the page begins; 0 for the first page.</param>
    /// <param name="limit">How many at most. A page may have fewer and be followed by others.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="NATS.Client.Core.NatsException">NATS is out of reach.</exception>
    public async Task<LetterPage> FindAsync(LetterFilter filter, ulong after, int limit, CancellationToken cancellation)
    {
        List<Letter> found = [];
        var lookedAt = 0;
        var last = after;
        await foreach (var letter in stream.ReadAsync(SubjectsOf(filter), after, filter.Since, cancellation))
        {
            if (found.Count == limit || lookedAt == MostLookedAt)
            {
                return new LetterPage(found, last);
            }

            if (letter.Time >= filter.Until)
            {
                break;
            }

            lookedAt++;
            last = letter.Sequence;
            if (!ReplayNotes.IsNote(letter) && filter.Takes(letter))
            {
                found.Add(letter);
            }
        }

        return new LetterPage(found, null);
    }

    private static string SubjectsOf(LetterFilter filter) => filter.Tenant is { } tenant ? Subjects.DeadLettersOf(tenant) : Subjects.AllDeadLetters;
}
