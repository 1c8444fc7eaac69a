using Tickets.Contracts.Commands;
using Tickets.Handlers.Storage;
using Wolverine.Runtime.RemoteInvocation;

namespace Tickets.Api.Commands;

/// <summary>
/// Waits for a command's outcome: for its reply and, because NATS hands a repeat of a command to nobody, for its row in
/// the ledger as well when the command has a key.
/// </summary>
public sealed class OutcomeWaiting(Ledger ledger)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns the outcome, or that there is none yet.</summary>
    public async Task<CommandResult> WaitAsync(CommandRequest request, Guid id, string? fingerprint, Task<CommandOutcome> reply)
    {
        while (fingerprint is not null && await Task.WhenAny(reply, Task.Delay(BetweenLooks)) != reply)
        {
            if (await LookAsync(request, id, fingerprint) is { } known)
            {
                return known;
            }
        }

        try
        {
            return new CommandResult.Answered(await reply);
        }
        catch (Exception e) when (e is TimeoutException or WolverineRequestReplyException)
        {
            return new CommandResult.Accepted(id);
        }
    }

    /// <summary>Returns the outcome of a command whose reply nobody hears any more, or that there is none yet.</summary>
    public async Task<CommandResult> WaitForRowAsync(CommandRequest request, Guid id, string fingerprint)
    {
        for (var left = request.Wait ?? TimeSpan.Zero; left > TimeSpan.Zero; left -= BetweenLooks)
        {
            await Task.Delay(left < BetweenLooks ? left : BetweenLooks);
            if (await LookAsync(request, id, fingerprint) is { } known)
            {
                return known;
            }
        }

        return new CommandResult.Accepted(id);
    }

    private async Task<CommandResult?> LookAsync(CommandRequest request, Guid id, string fingerprint) =>
        await FindAsync(new CommandKey(request.Tenant, id)) switch
        {
            null => null,
            var entry when entry.Fingerprint == fingerprint => new CommandResult.Answered(new CommandOutcome(entry.Status, entry.Body)),
            _ => new CommandResult.KeyReused(),
        };

    // The command is in the stream already: that its row can't be read now says nothing of it.
    private async Task<LedgerEntry?> FindAsync(CommandKey key)
    {
        try
        {
            return await ledger.FindAsync(key, CancellationToken.None);
        }
        catch (Exception e) when (StorageFaults.MayPass(e))
        {
            return null;
        }
    }
}
