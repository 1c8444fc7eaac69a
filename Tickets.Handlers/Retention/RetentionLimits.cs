using Microsoft.Extensions.Logging;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Retention;

/// <summary>Says what is too old now.</summary>
/// <param name="options">How long things are kept.</param>
/// <param name="backlog">The commands that wait.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Told when the ledger's rows have to be kept for longer.</param>
public sealed partial class RetentionLimits(RetentionOptions options, ICommandBacklog backlog, TimeProvider clock, ILogger<RetentionLimits> logger)
{
    private readonly LastingFault _unknown = new(fault => LogUnknown(logger, fault.Message), static () => { });

    /// <summary>The tables from which something may be removed.</summary>
    internal async Task<IReadOnlyList<PrunedTable>> TablesAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        List<PrunedTable> tables = [];
        if (options.Ledger is { } ledger && await LedgerTimeAsync(now, cancellation) is { } time)
        {
            tables.Add(new PrunedTable("ledger", "command_id", "created_at", (time - ledger).ToUnixTimeMilliseconds()));
        }

        if (options.Audit is { } audit)
        {
            tables.Add(new PrunedTable("audit", "id", "occurred_at", now - audit));
        }

        if (options.Notifications is { } notifications)
        {
            tables.Add(new PrunedTable("notifications", "id", "requested_at", now - notifications));
        }

        return tables;
    }

    // The ledger's time stands still while a command waits: whatever it knew when that was accepted, it knows when that is handled. The
    // stream of commands keeps them for as long as it takes, and so does a backup of it.
    private async Task<DateTimeOffset?> LedgerTimeAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            var oldest = await backlog.OldestAsync(cancellation);
            _unknown.Report(null);
            return oldest < now ? oldest : now;
        }
        catch (BacklogUnknownException e)
        {
            _unknown.Report(e);
            return null;
        }
    }

    [LoggerMessage(2022, LogLevel.Warning, "Old rows of the ledger are kept until it is known since when commands wait, which is asked each round: {Fault}")]
    private static partial void LogUnknown(ILogger logger, string fault);
}
