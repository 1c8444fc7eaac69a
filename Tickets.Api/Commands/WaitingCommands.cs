using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Retention;

namespace Tickets.Api.Commands;

/// <summary>
/// Whether a command may wait in its stream, which can't be asked for one command, but for when its first was accepted. Ids that we give tell
/// when they were made (RFC 9562, version 7). One that follows from a place in the stream (version 8), or from a key in earlier versions,
/// does not tell: as long as anything waits, it may. Nobody here makes any other.
/// </summary>
internal sealed class WaitingCommands(ICommandBacklog backlog, RetentionOptions retention, TimeProvider clock)
{
    // By which the clocks of services and servers may differ, and what a command may take to get into its stream.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Whether it may be there. When NATS does not tell, it may be as long as the ledger would remember it.</summary>
    public async Task<bool> MayHoldAsync(Guid id, CancellationToken cancellation)
    {
        var (now, made) = (clock.GetUtcNow(), TimedId.TimeOf(id));
        if (made is null ? !HashedId.IsOne(id) : made > now + Skew)
        {
            return false;
        }

        try
        {
            return await backlog.OldestAsync(cancellation) is { } oldest && (made is null || oldest <= made + Skew);
        }
        catch (BacklogUnknownException)
        {
            return made is null || retention.Ledger is null || now - made < retention.Ledger;
        }
    }
}
