using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;

namespace Tickets.Api.Commands;

/// <summary>Sends commands so that requests with one key are one command, in whichever processes they arrive.</summary>
public sealed class IdempotentSender(CommandSender sender, OutcomeWaiting waiting, Ledger ledger, DatabaseSecret secret)
{
    private const int FirstFault = 500;

    private readonly ConcurrentDictionary<Guid, Flight> _flights = new();
    private readonly AcceptedKeys _accepted = new();

    /// <summary>Sends a command, or gives what an earlier request with its key got.</summary>
    /// <param name="command">A valid command.</param>
    /// <param name="request">Its circumstances.</param>
    /// <param name="cancellation">The caller went away; a command with a key goes on without it.</param>
    public async Task<CommandResult> SendAsync(object command, CommandRequest request, CancellationToken cancellation)
    {
        if (request.Key is not { } key)
        {
            return await sender.SendAsync(command, TimedId.New(), fingerprint: null, request, cancellation);
        }

        var fingerprint = FingerprintOf(command);
        var (id, earlier) = await FindAsync(key, cancellation);
        return earlier is not null ? Replay(earlier, fingerprint) : await FlyAsync(id, fingerprint, command, request);
    }

    private async Task<(Guid Id, LedgerEntry? Earlier)> FindAsync(IdempotencyKey key, CancellationToken cancellation)
    {
        var hidden = await secret.ReadAsync(cancellation);
        for (var attempt = 0; ; attempt++)
        {
            var id = key.CommandId(attempt, hidden);
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

    private static CommandResult Replay(LedgerEntry earlier, string fingerprint) => earlier.Fingerprint == fingerprint
        ? new CommandResult.Answered(new CommandOutcome(earlier.Status, earlier.Body), Replayed: true)
        : new CommandResult.KeyReused();

    private async Task<CommandResult> FlyAsync(Guid id, string fingerprint, object command, CommandRequest request)
    {
        var mine = new Flight(fingerprint);
        var flight = _flights.GetOrAdd(id, mine);
        if (flight.Fingerprint != fingerprint)
        {
            return new CommandResult.KeyReused();
        }

        if (flight != mine)
        {
            return await FollowAsync(flight, request.Wait);
        }

        try
        {
            var result = _accepted.FingerprintOf(id) is { } accepted
                ? accepted == fingerprint ? await AwaitAsync(id, fingerprint, request) : new CommandResult.KeyReused()
                : await sender.SendAsync(command, id, fingerprint, request, CancellationToken.None);
            if (result is CommandResult.Accepted)
            {
                _accepted.Add(id, fingerprint);
            }

            mine.Landed.TrySetResult(result);
            return result;
        }
        finally
        {
            _flights.TryRemove(id, out _);
            mine.Landed.TrySetResult(new CommandResult.InFlight());
        }
    }

    private async Task<CommandResult> AwaitAsync(Guid id, string fingerprint, CommandRequest request) =>
        await waiting.WaitForRowAsync(request, id, fingerprint) is CommandResult.Answered answered
            ? answered with { Replayed = true }
            : new CommandResult.InFlight();

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
