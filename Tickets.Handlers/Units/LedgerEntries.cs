using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>Entries of the ledger, which knows nothing of commands, as what became of commands.</summary>
public static class LedgerEntries
{
    extension(LedgerEntry entry)
    {
        /// <summary>What the command's caller is told.</summary>
        public CommandOutcome Outcome => new(entry.Status, entry.Body);

        /// <summary>The entry of a command that ended with a problem.</summary>
        public static LedgerEntry Of(Problem problem, string? fingerprint = null, Guid? decision = null) =>
            new(problem.Status, CommandOutcome.Of(problem).Body, fingerprint, decision);
    }
}
