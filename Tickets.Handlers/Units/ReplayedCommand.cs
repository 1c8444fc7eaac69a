using System.Data.Common;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>
/// A command that was given up, as its replays see it. It and they have rows of their own in the ledger; what makes them
/// one is a row that they share, written in the transaction of the effect. See ADR 13.
/// </summary>
/// <param name="ledger">The ledger.</param>
/// <param name="command">The command that was given up first.</param>
public sealed class ReplayedCommand(Ledger ledger, CommandKey command)
{
    private const int Conflict = 409;

    private static readonly LedgerEntry Replaced = LedgerEntry.Of(
        new Problem(Conflict, "replayed", "Conflict", "The command was given up, and an operator has replayed it."));

    private readonly CommandKey _shared = command with { CommandId = HashedId.Of($"replays of {command.CommandId}") };

    /// <summary>The effect of the command or of one of its replays; null while there is none.</summary>
    public async Task<LedgerEntry?> FindAsync(CancellationToken cancellation) =>
        await ledger.FindAsync(command, cancellation) is { TookEffect: true } own ? own : await ledger.FindAsync(_shared, cancellation);

    /// <summary>The latest that is known of a command: if it was given up, an operator may have replayed it since.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="command">The command.</param>
    /// <param name="entry">Its own row.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<LedgerEntry> LatestAsync(Ledger ledger, CommandKey command, LedgerEntry entry, CancellationToken cancellation) =>
        entry.TookEffect ? entry : await new ReplayedCommand(ledger, command).FindAsync(cancellation) ?? entry;

    /// <summary>
    /// As <see cref="FindAsync(CancellationToken)"/>, for a replay that is about to take effect. Where the command's own
    /// delivery may still come again, because its process died while it gave it up, it will change nothing.
    /// </summary>
    internal async ValueTask<LedgerEntry?> FindAsync(DbTransaction transaction, string? fingerprint, CancellationToken cancellation)
    {
        var own = await ledger.FindAsync(transaction, command, cancellation);
        if (own is { TookEffect: true })
        {
            return own;
        }

        if (await ledger.FindAsync(transaction, _shared, cancellation) is { } earlier)
        {
            return earlier;
        }

        if (own is null)
        {
            await ledger.InsertAsync(transaction, command, Replaced with { Fingerprint = fingerprint }, cancellation);
        }

        return null;
    }

    /// <summary>Keeps the effect of a replay. What was refused changed nothing, so another replay may take effect.</summary>
    /// <exception cref="DbException">Another replay has just taken effect: a unique violation.</exception>
    internal ValueTask KeepAsync(DbTransaction transaction, LedgerEntry entry, CancellationToken cancellation) =>
        entry.TookEffect ? ledger.InsertAsync(transaction, _shared, entry, cancellation) : ValueTask.CompletedTask;
}
