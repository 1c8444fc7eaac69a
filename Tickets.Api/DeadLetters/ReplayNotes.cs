using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.DeadLetters;

/// <summary>
/// Notes beside the dead letters that tell when one was replayed: the ledger knows only what came of it. No tenant can be
/// called as their subjects are, so nobody else's message is among them.
/// </summary>
public sealed class ReplayNotes(LetterStream stream, IWolverineRuntime runtime)
{
    private const string Replay = "Tickets-Replay";

    /// <summary>Whether a message is such a note.</summary>
    public static bool IsNote(Letter message) => message.Header(Replay) is not null && message.Stream.Length == 0;

    /// <summary>Notes that a letter was replayed. A repeat changes nothing.</summary>
    /// <exception cref="NatsException">It was not confirmed.</exception>
    public async Task AddAsync(Letter letter, string messageId, CancellationToken cancellation)
    {
        var headers = new NatsHeaders { [Replay] = messageId, [CommandHeaders.ReplayOf] = letter.Sequence.ToString(CultureInfo.InvariantCulture) };
        var ack = await runtime.Options.NatsTransport().JetStream.PublishAsync(
            Subjects.ReplayNote(letter.Sequence),
            Array.Empty<byte>(),
            opts: new NatsJSPubOpts { MsgId = $"note:{messageId}", ExpectedStream = Subjects.DeadLetterStream },
            headers: headers,
            cancellationToken: cancellation);
        if (ack.Error is { } error)
        {
            throw new NatsJSApiException(error);
        }
    }

    /// <summary>The latest replay of a letter and its time; null when none was noted.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<(string MessageId, DateTimeOffset At)?> FindAsync(Letter letter, CancellationToken cancellation) =>
        await stream.LastAsync(Subjects.ReplayNote(letter.Sequence), cancellation) is { } note && IsNote(note) ? (note.Header(Replay)!, note.Time) : null;

    /// <summary>Removes a letter's notes.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public Task RemoveAsync(Letter letter, CancellationToken cancellation) => stream.RemoveAllAsync(Subjects.ReplayNote(letter.Sequence), cancellation);
}
