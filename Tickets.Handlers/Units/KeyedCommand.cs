using System.Data.Common;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>
/// A command as the requests with its key see it. Each of them is a command of its own, with a row of its own in the ledger; what
/// makes them one is a row that they share, written in the transaction of the effect. See ADR 7.
/// </summary>
/// <param name="ledger">The ledger.</param>
/// <param name="command">The command.</param>
/// <param name="keyId">What all requests with the key share.</param>
internal sealed class KeyedCommand(Ledger ledger, CommandContext command, Guid keyId)
{
    private const int Unprocessable = 422;

    private static readonly Problem Reused = new(
        Unprocessable, ProblemCodes.IdempotencyKeyReused, "Unprocessable Entity", "An earlier request with this key had another body. Use a new key for a new request.");

    private readonly CommandKey _own = new(command.Tenant, command.CommandId);
    private readonly CommandKey _shared = new(command.Tenant, keyId);

    /// <summary>Whether it may have an entry, or share one: nearly none does, and this asks for both at once.</summary>
    public ValueTask<bool> IsKnownAsync(DbTransaction transaction) => ledger.KnowsAsync(transaction, _own, keyId);

    /// <summary>What the first request with the key got; null when this is the first.</summary>
    public ValueTask<LedgerEntry?> FirstAsync(DbTransaction transaction, CancellationToken cancellation) => ledger.FindAsync(transaction, _shared, cancellation);

    /// <summary>Makes what the first one got the outcome of this one, unless this one asks for something else.</summary>
    /// <returns>The outcome.</returns>
    public async ValueTask<LedgerEntry> RepeatAsync(DbTransaction transaction, LedgerEntry first, CancellationToken cancellation)
    {
        // A fault is a command's of an earlier version, whose identity it was.
        var entry = first.Fingerprint == command.Fingerprint || first.IsFault
            ? first
            : LedgerEntry.Of(Reused with { TraceId = command.TraceId }, command.Fingerprint, TimedId.New());
        await ledger.InsertAsync(transaction, _own, entry, cancellation);
        return entry;
    }

    /// <summary>Keeps the outcome of the first.</summary>
    /// <exception cref="DbException">Another one has just taken effect: a unique violation.</exception>
    public ValueTask KeepAsync(DbTransaction transaction, LedgerEntry entry, CancellationToken cancellation) =>
        ledger.InsertAsync(transaction, _shared, entry, cancellation);
}
