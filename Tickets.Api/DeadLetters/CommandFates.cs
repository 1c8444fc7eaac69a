using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;
using Wolverine.Nats.Receiving;

namespace Tickets.Api.DeadLetters;

/// <summary>What has come of commands that were given up, from the ledger.</summary>
internal sealed class CommandFates(Ledger ledger, FirstCommands firsts, ReplayNotes notes, Relapses relapses)
{
    /// <summary>Whether who sent it was told that nothing was accepted, and may have sent it again since.</summary>
    public async Task<bool> WasWithdrawnAsync(Letter letter, CancellationToken cancellation) =>
        await ledger.FindAsync(new CommandKey(letter.Tenant!, await firsts.OfAsync(letter, cancellation)), cancellation) is { IsWithdrawn: true };

    /// <param name="letter">The dead letter of a tenant's command.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<LetterFate> FindAsync(Letter letter, CancellationToken cancellation)
    {
        var note = await notes.FindAsync(letter, cancellation);
        var (attempts, last) = await AttemptsAsync(letter, cancellation);
        var next = ReplayIdentity.Of(letter, attempts);
        var command = new ReplayedCommand(ledger, new CommandKey(letter.Tenant!, await firsts.OfAsync(letter, cancellation)));
        if (await command.FindAsync(cancellation) is { } effect)
        {
            return new LetterFate(new Replay(ReplayStatus.Succeeded, note?.MessageId, note?.At, effect.Outcome), next);
        }

        if (note?.MessageId == next)
        {
            return new LetterFate(new Replay(ReplayStatus.Pending, next, note?.At), next);
        }

        var replay = last is null ? new Replay(ReplayStatus.None, null)
            : last.Decision is not null ? Failed(ReplayStatus.Refused)
            : Failed(ReplayStatus.DeadLettered) with { DeadLetter = (await relapses.FindAsync(letter, cancellation)).Cast<ulong?>().LastOrDefault() };
        return new LetterFate(replay, next);

        Replay Failed(ReplayStatus status) => new(status, ReplayIdentity.Of(letter, attempts - 1), note?.At, last.Outcome);
    }

    // How many replays of it have an outcome, and the outcome of the latest.
    private async Task<(int Count, LedgerEntry? Last)> AttemptsAsync(Letter letter, CancellationToken cancellation)
    {
        LedgerEntry? last = null;
        for (var attempt = 0; ; attempt++)
        {
            var id = DeliveryIdentity.Of(ReplayIdentity.Of(letter, attempt));
            if (await ledger.FindAsync(new CommandKey(letter.Tenant!, id), cancellation) is not { } entry)
            {
                return (attempt, last);
            }

            last = entry;
        }
    }
}
