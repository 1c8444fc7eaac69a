using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>Writes down that a command was given up, so that who asks for its outcome learns why.</summary>
public sealed class CommandFailures(GroupCommitter committer, Ledger ledger)
{
    /// <summary>Returns the command's outcome once it is durable.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="commandId">The command's identity.</param>
    /// <param name="fingerprint">What a repeat with the same key must ask for; null without a key.</param>
    /// <param name="problem">Why it was given up.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The problem, unless the command took effect before.</returns>
    public async Task<CommandOutcome> RecordAsync(
        string tenant, Guid commandId, string? fingerprint, Problem problem, CancellationToken cancellation)
    {
        var entry = LedgerEntry.Of(problem, fingerprint);
        var unit = new ClosingEntry(ledger, new CommandKey(tenant, commandId), entry);
        await committer.CommitAsync(unit, cancellation);
        return (unit.Found ?? entry).Outcome;
    }
}
