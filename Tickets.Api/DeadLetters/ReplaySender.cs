using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Contracts;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Nats.Receiving;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Tickets.Api.DeadLetters;

/// <summary>Publishes the message of a dead letter again: to its own subject, with its own headers and body.</summary>
internal sealed class ReplaySender(IWolverineRuntime runtime, FirstCommands firsts)
{
    private const string NatsPrefix = "Nats-";

    // What was written on the letter, and not by whoever sent the message.
    private static readonly HashSet<string> OfTheLetter = new(StringComparer.OrdinalIgnoreCase)
    {
        DeadLetterQueueConstants.OriginalDestinationHeader,
        DeadLetterQueueConstants.FailedAtHeader,
        DeadLetterQueueConstants.ExceptionTypeHeader,
        DeadLetterQueueConstants.ExceptionMessageHeader,
        EnvelopeConstants.AttemptsKey,
        CommandHeaders.ReplayOf,
        CommandHeaders.ReplayedCommand,
        CommandHeaders.ReplaySeal,
    };

    /// <summary>Returns when its stream has it. A repeat with the same id is none.</summary>
    /// <exception cref="NatsException">It was not confirmed; it may be stored all the same, so send it again with the same id.</exception>
    public async Task SendAsync(Letter letter, string messageId, CancellationToken cancellation)
    {
        var ack = await runtime.Options.NatsTransport().JetStream.PublishAsync(
            letter.Subject,
            letter.Body,
            opts: new NatsJSPubOpts { MsgId = messageId, ExpectedStream = letter.Stream },
            headers: await HeadersOfAsync(letter, messageId, cancellation),
            cancellationToken: cancellation);
        if (ack.Error is { } error)
        {
            throw new NatsJSApiException(error);
        }
    }

    /// <summary>The headers that the message had.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Originals(Letter letter) => (letter.Headers ?? [])
        .Where(header => !OfTheLetter.Contains(header.Key)
            && !header.Key.StartsWith(NatsPrefix, StringComparison.OrdinalIgnoreCase)
            && !header.Key.StartsWith(DeadLetterHeaders.Prefix, StringComparison.OrdinalIgnoreCase))
        .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()));

    private async Task<NatsHeaders> HeadersOfAsync(Letter letter, string messageId, CancellationToken cancellation)
    {
        var headers = new NatsHeaders();
        foreach (var (name, value) in Originals(letter))
        {
            headers[name] = value;
        }

        headers[CommandHeaders.ReplayOf] = letter.Sequence.ToString(CultureInfo.InvariantCulture);
        if (letter.IsCommand)
        {
            var first = await firsts.OfAsync(letter, cancellation);
            headers[CommandHeaders.ReplayedCommand] = first.ToString();
            headers[CommandHeaders.ReplaySeal] = await firsts.SealAsync(letter, messageId, first, cancellation);
        }

        return headers;
    }
}
