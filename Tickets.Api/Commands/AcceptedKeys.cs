using System.Collections.Concurrent;
using Tickets.Handlers.Records;

namespace Tickets.Api.Commands;

/// <summary>
/// The commands with a key that this process has accepted lately and answered before they were handled. They are in their stream: a
/// repeat has nothing to add, and one that asks for something else is refused at once.
/// </summary>
internal sealed class AcceptedKeys(TimeProvider clock)
{
    // Some 5 MB.
    private const int MostRemembered = 20_000;

    // The ledger knows nearly all of them by then, and makes one of the others and their repeats.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, AcceptedCommand> _commands = new();
    private readonly ConcurrentQueue<Guid> _order = new();

    /// <summary>Remembers what the latest command with a key was; the oldest key is forgotten for it.</summary>
    public void Add(SharedKey key, Guid commandId)
    {
        var command = new AcceptedCommand(commandId, key.Fingerprint);
        if (!_commands.TryAdd(key.Id, command))
        {
            _commands[key.Id] = command;
            return;
        }

        _order.Enqueue(key.Id);
        while (_order.Count > MostRemembered && _order.TryDequeue(out var oldest))
        {
            _commands.TryRemove(oldest, out _);
        }
    }

    /// <summary>The command that was accepted with a key; null when none is known.</summary>
    public AcceptedCommand? Find(Guid keyId) =>
        _commands.GetValueOrDefault(keyId) is { } command && clock.GetUtcNow() - TimedId.TimeOf(command.Id) < Remembered ? command : null;
}
