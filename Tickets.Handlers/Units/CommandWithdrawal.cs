using System.Data.Common;
using Microsoft.Extensions.Logging;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>
/// Takes back a command whose publish nobody confirmed. It may be in the stream all the same, or arrive there later;
/// its row in the ledger makes sure that it changes nothing then. See ADR 3.
/// </summary>
public sealed partial class CommandWithdrawal(GroupCommitter committer, Ledger ledger, ILogger<CommandWithdrawal> logger)
{
    private const int Unavailable = 503;

    private static readonly LedgerEntry Withdrawn = new(Unavailable, """{"status":503,"code":"unavailable","title":"Withdrawn: NATS did not confirm the command."}""");

    /// <summary>Withdraws a command, unless it took effect already.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="commandId">The command's identity.</param>
    /// <param name="limit">How long to wait for the database; the withdrawal goes on after that.</param>
    /// <returns>The outcome when the command took effect; null when it never will.</returns>
    public async Task<CommandOutcome?> WithdrawAsync(string tenant, Guid commandId, TimeSpan limit)
    {
        var unit = new Withdrawal(ledger, new CommandKey(tenant, commandId.ToString()));
        try
        {
            await committer.CommitAsync(unit, CancellationToken.None).WaitAsync(limit);
            return unit.Found is { Status: not Unavailable } found ? new CommandOutcome(found.Status, found.Body) : null;
        }
        catch (TimeoutException e)
        {
            LogPending(logger, e, commandId);
            return null;
        }
    }

    [LoggerMessage(2010, LogLevel.Warning, "The database did not confirm in time that command {CommandId} is withdrawn")]
    private static partial void LogPending(ILogger logger, Exception exception, Guid commandId);

    private sealed class Withdrawal(Ledger ledger, CommandKey key) : IUnitOfWork
    {
        public LedgerEntry? Found { get; private set; }

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            Found = await ledger.FindAsync(transaction, key, cancellation);
            if (Found is null)
            {
                await ledger.InsertAsync(transaction, key, Withdrawn, cancellation);
            }
        }
    }
}
