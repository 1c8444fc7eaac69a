using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Events;

/// <summary>Reads the messages of the event stream in their order, all of them, without taking anything from it.</summary>
internal sealed class EventMessages(IWolverineRuntime runtime)
{
    private const string EveryEvent = ">";

    // More than the largest message (1 MB), and some hundred of the usual ones. Many may read at once, from far behind.
    private const int Prefetch = 2 * 1024 * 1024;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private INatsJSContext JetStream => runtime.Options.NatsTransport().JetStream;

    /// <summary>The sequence of the newest message; 0 when there is none.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<ulong> LastSequenceAsync(CancellationToken cancellation) => (await EndsAsync(cancellation)).Last;

    /// <summary>From where to where it goes.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<StreamEnds> EndsAsync(CancellationToken cancellation)
    {
        var stream = (await StreamAsync(cancellation)).Info;
        return new StreamEnds(stream.Created, stream.State.FirstSeq, stream.State.LastSeq);
    }

    /// <summary>Those from a place on, and those to come, until the server falls silent.</summary>
    /// <param name="place">Where it begins, and whether bodies are wanted. No filter: what it leaves out would be taken for passed over.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async IAsyncEnumerable<StreamMessage> ReadAsync(NatsJSOrderedConsumerOpts place, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var stream = await StreamAsync(cancellation);
        var whole = new WholeStream(
            (sequence, ending) => StreamMessage.FindAsync(stream, new StreamMsgGetRequest { Seq = sequence, NextBySubj = EveryEvent }, JetStream.Connection, ending),
            LastSequenceAsync,
            Pause);

        // What has left the stream before its first message was not passed over. A stream that was made anew, or whose leader came back
        // with an old copy, ends before the place, and the consumer begins at that end.
        var state = stream.Info.State;
        ulong? after = place.DeliverPolicy == ConsumerConfigDeliverPolicy.ByStartSequence
            ? Math.Min(Math.Max(place.OptStartSeq, state.FirstSeq) - 1, state.LastSeq)
            : null;
        await foreach (var message in whole.ReadAsync(DeliveredAsync(place, cancellation), after, cancellation))
        {
            yield return message;
        }
    }

    private async IAsyncEnumerable<StreamMessage> DeliveredAsync(NatsJSOrderedConsumerOpts place, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var consumer = await JetStream.CreateOrderedConsumerAsync(Subjects.EventStream, place, cancellation);
        var options = new NatsJSConsumeOpts
        {
            MaxBytes = Prefetch,
            IdleHeartbeat = Heartbeat,
            NotificationHandler = (notification, _) => notification is NatsJSTimeoutNotification ? silence.CancelAsync() : Task.CompletedTask,
        };
        await foreach (var message in consumer.ConsumeAsync<byte[]>(opts: options, cancellationToken: silence.Token))
        {
            if (message.Metadata is { } metadata)
            {
                yield return new StreamMessage(metadata.Sequence.Stream, message.Subject, metadata.Timestamp, message.Headers, message.Data ?? []);
            }
        }
    }

    private ValueTask<INatsJSStream> StreamAsync(CancellationToken cancellation) => JetStream.GetStreamAsync(Subjects.EventStream, cancellationToken: cancellation);
}
