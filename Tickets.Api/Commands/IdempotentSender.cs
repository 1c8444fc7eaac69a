using System.Security.Cryptography;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;

namespace Tickets.Api.Commands;

/// <summary>Sends commands so that of those with one key one takes effect, in whichever processes they arrive.</summary>
public sealed class IdempotentSender(CommandSender sender, OutcomeWaiting waiting, Ledger ledger, DatabaseSecret secret, TimeProvider clock)
{
    private readonly Flights _flights = new(clock);
    private readonly AcceptedKeys _accepted = new(clock);

    /// <summary>Sends a command, or gives what an earlier request with its key got.</summary>
    /// <param name="command">A valid command.</param>
    /// <param name="request">Its circumstances.</param>
    /// <param name="cancellation">The caller went away: nobody waits any longer, and a command that is on its way goes on.</param>
    public async Task<CommandResult> SendAsync(object command, CommandRequest request, CancellationToken cancellation)
    {
        if (request.Key is not { } key)
        {
            return await sender.SendAsync(command, key: null, request, cancellation);
        }

        var fingerprint = FingerprintOf(command);
        if (await TryFindAsync(key, cancellation) is not var (id, first))
        {
            // It was not sent, and what became of an earlier one with its key is not known.
            return new CommandResult.Unavailable();
        }

        if (first is not null)
        {
            return Replay(first, fingerprint);
        }

        var shared = new SharedKey(id, fingerprint);
        return await _flights.FlyAsync(shared, request.Wait, left => LeadAsync(shared, command, request with { Wait = left }, cancellation), cancellation);
    }

    // Null when the ledger can't be read.
    private async Task<(Guid KeyId, LedgerEntry? First)?> TryFindAsync(IdempotencyKey key, CancellationToken cancellation)
    {
        try
        {
            return await FindAsync(key, cancellation);
        }
        catch (Exception e) when (StorageFaults.MayPass(e))
        {
            return null;
        }
    }

    // Earlier versions gave the command itself the identity that requests share, and the next one after a 5xx.
    private async Task<(Guid KeyId, LedgerEntry? First)> FindAsync(IdempotencyKey key, CancellationToken cancellation)
    {
        var hidden = await secret.ReadAsync(cancellation);
        for (var attempt = 0; ; attempt++)
        {
            var id = key.SharedId(attempt, hidden);
            if (await ledger.FindEitherAsync(key.Tenant, id, key.EarlierCommandId(attempt), cancellation) is not var (command, entry))
            {
                return (id, null);
            }

            var latest = await ReplayedCommand.LatestAsync(ledger, command, entry, cancellation);
            if (!latest.IsFault)
            {
                return (id, latest);
            }
        }
    }

    private static CommandResult Replay(LedgerEntry first, string fingerprint) => first.Fingerprint == fingerprint
        ? new CommandResult.Answered(first.Outcome, Replayed: true)
        : new CommandResult.KeyReused();

    private async Task<CommandResult> LeadAsync(SharedKey key, object command, CommandRequest request, CancellationToken cancellation)
    {
        var result = await RepeatAsync(key, request, cancellation) ?? await sender.SendAsync(command, key, request, cancellation);
        if (result is CommandResult.Accepted accepted)
        {
            _accepted.Add(key, accepted.CommandId);
        }

        return result;
    }

    // What comes of the command that this process has accepted with the key; null when there is none, or it was given up.
    private async Task<CommandResult?> RepeatAsync(SharedKey key, CommandRequest request, CancellationToken cancellation)
    {
        if (_accepted.Find(key.Id) is not { } accepted)
        {
            return null;
        }

        var asksForTheSame = accepted.Fingerprint == key.Fingerprint;
        var patience = asksForTheSame ? request.Wait : null;
        return await waiting.WaitAsync(new CommandKey(request.Tenant, accepted.Id), patience ?? TimeSpan.Zero, cancellation) switch
        {
            null or { IsFault: false } when !asksForTheSame => new CommandResult.KeyReused(),
            null => new CommandResult.InFlight(),
            { IsFault: false } entry => new CommandResult.Answered(entry.Outcome, Replayed: true),
            _ => null,
        };
    }

    private static string FingerprintOf(object command) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), WireJson.Default)));
}
