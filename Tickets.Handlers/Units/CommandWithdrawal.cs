using Microsoft.Extensions.Logging;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>
/// Takes back a command whose publish nobody confirmed. It may be in the stream all the same, or arrive there later;
/// its row in the ledger makes sure that it changes nothing then. See ADR 3.
/// </summary>
public sealed partial class CommandWithdrawal(GroupCommitter committer, Ledger ledger, ILogger<CommandWithdrawal> logger)
{
    // Whoever was frozen for longer than its caller waits is late already, and the database mostly answers at once.
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(2);

    private static readonly LedgerEntry Withdrawn = LedgerEntry.Of(
        new Problem(LedgerEntry.Withdrawn, ProblemCodes.Unavailable, "Service Unavailable", "Withdrawn: NATS did not confirm the command."));

    /// <summary>Withdraws a command, unless it took effect already.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="commandId">The command's identity.</param>
    /// <param name="limit">
    /// How long to wait for the database, 2 s at least; the withdrawal goes on after that. Less than nothing is left when the process
    /// was frozen for longer than its caller waits.
    /// </param>
    /// <returns>The outcome when the command took effect; null when it never will.</returns>
    /// <exception cref="TimeoutException">The database has not said which of the two it is.</exception>
    public async Task<CommandOutcome?> WithdrawAsync(string tenant, Guid commandId, TimeSpan limit)
    {
        var unit = new ClosingEntry(ledger, new CommandKey(tenant, commandId), Withdrawn);
        try
        {
            await committer.CommitAsync(unit, CancellationToken.None).WaitAsync(limit > ShortestLimit ? limit : ShortestLimit);
            return unit.Found is { IsWithdrawn: false } found ? found.Outcome : null;
        }
        catch (TimeoutException e)
        {
            LogPending(logger, e, commandId);
            throw;
        }
    }

    [LoggerMessage(2010, LogLevel.Warning, "The database did not confirm in time that command {CommandId} is withdrawn")]
    private static partial void LogPending(ILogger logger, Exception exception, Guid commandId);
}
