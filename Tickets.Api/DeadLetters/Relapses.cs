using Tickets.Contracts;

namespace Tickets.Api.DeadLetters;

/// <summary>Finds the letters that replays of a letter have become.</summary>
internal sealed class Relapses(LetterStream stream)
{
    /// <summary>Their sequences, oldest first. Only what was given up after it, on its own subject, is looked at.</summary>
    /// <exception cref="NATS.Client.Core.NatsException">NATS is out of reach.</exception>
    public async Task<IReadOnlyList<ulong>> FindAsync(Letter letter, CancellationToken cancellation)
    {
        List<ulong> found = [];
        var subject = Subjects.DeadLetter(letter.Subject, letter.Tenant);
        await foreach (var later in stream.ReadAsync(subject, letter.Sequence, since: null, cancellation))
        {
            if (later.ReplayOf == letter.Sequence)
            {
                found.Add(later.Sequence);
            }
        }

        return found;
    }
}
