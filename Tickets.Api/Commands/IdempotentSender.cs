using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;

namespace Tickets.Api.Commands;

/// <summary>Sends commands so that of those with one key one takes effect, in whichever processes they arrive.</summary>
public sealed class IdempotentSender(CommandSender sender, OutcomeWaiting waiting, Ledger ledger, DatabaseSecret secret, TimeProvider clock)
{
    private const int FirstFault = 500;

    private readonly ConcurrentDictionary<Guid, Flight> _flights = new();
    private readonly AcceptedKeys _accepted = new(clock);

    /// <summary>Sends a command, or gives what an earlier request with its key got.</summary>
    /// <param name="command">A valid command.</param>
    /// <param name="request">Its circumstances.</param>
    /// <param name="cancellation">The caller went away; a command with a key goes on without it.</param>
    public async Task<CommandResult> SendAsync(object command, CommandRequest request, CancellationToken cancellation)
    {
        if (request.Key is not { } key)
        {
            return await sender.SendAsync(command, key: null, request, cancellation);
        }

        var fingerprint = FingerprintOf(command);
        var (id, first) = await FindAsync(key, cancellation);
        return first is not null ? Replay(first, fingerprint) : await FlyAsync(new SharedKey(id, fingerprint), command, request);
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

            if (!entry.TookEffect)
            {
                // If it was given up, an operator may have replayed it since.
                entry = await new ReplayedCommand(ledger, command).FindAsync(cancellation) ?? entry;
            }

            if (entry.Status < FirstFault)
            {
                return (id, entry);
            }
        }
    }

    private static CommandResult Replay(LedgerEntry first, string fingerprint) => first.Fingerprint == fingerprint
        ? new CommandResult.Answered(new CommandOutcome(first.Status, first.Body), Replayed: true)
        : new CommandResult.KeyReused();

    private async Task<CommandResult> FlyAsync(SharedKey key, object command, CommandRequest request)
    {
        var mine = new Flight(key.Fingerprint);
        var flight = _flights.GetOrAdd(key.Id, mine);
        if (flight.Fingerprint != key.Fingerprint)
        {
            return new CommandResult.KeyReused();
        }

        if (flight != mine)
        {
            return await FollowAsync(flight, request.Wait);
        }

        try
        {
            var result = await RepeatAsync(key, request) ?? await sender.SendAsync(command, key, request, CancellationToken.None);
            if (result is CommandResult.Accepted accepted)
            {
                _accepted.Add(key, accepted.CommandId);
            }

            mine.Landed.TrySetResult(result);
            return result;
        }
        finally
        {
            _flights.TryRemove(key.Id, out _);
            mine.Landed.TrySetResult(new CommandResult.InFlight());
        }
    }

    // What comes of the command that this process has accepted with the key; null when there is none, or it was given up.
    private async Task<CommandResult?> RepeatAsync(SharedKey key, CommandRequest request)
    {
        if (_accepted.Find(key.Id) is not { } accepted)
        {
            return null;
        }

        var asksForTheSame = accepted.Fingerprint == key.Fingerprint;
        var patience = asksForTheSame ? request.Wait : null;
        return await waiting.WaitAsync(new CommandKey(request.Tenant, accepted.Id), patience ?? TimeSpan.Zero) switch
        {
            null or { Status: < FirstFault } when !asksForTheSame => new CommandResult.KeyReused(),
            null => new CommandResult.InFlight(),
            { Status: < FirstFault } entry => new CommandResult.Answered(new CommandOutcome(entry.Status, entry.Body), Replayed: true),
            _ => null,
        };
    }

    private static async Task<CommandResult> FollowAsync(Flight flight, TimeSpan? wait)
    {
        var landed = flight.Landed.Task;
        if (await Task.WhenAny(landed, Task.Delay(wait ?? TimeSpan.Zero)) != landed)
        {
            return new CommandResult.InFlight();
        }

        return await landed switch
        {
            CommandResult.Answered answered => answered with { Replayed = true },
            CommandResult.Accepted => new CommandResult.InFlight(),
            var other => other,
        };
    }

    private static string FingerprintOf(object command) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), WireJson.Default)));

    private sealed record Flight(string Fingerprint)
    {
        public TaskCompletionSource<CommandResult> Landed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
