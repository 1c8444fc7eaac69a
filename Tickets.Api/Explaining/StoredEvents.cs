using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Explaining;

/// <summary>Finds events in their stream by their ids.</summary>
internal sealed class StoredEvents(IWolverineRuntime runtime)
{
    private const string MessageId = "Nats-Msg-Id";

    // An outbox that had to wait for NATS sends much later.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>Reads the stream from a time on until all are found, it ends, or an hour has passed in it.</summary>
    /// <returns>The sequence and the time at which each was stored.</returns>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<IReadOnlyDictionary<Guid, (ulong Sequence, DateTimeOffset At)>> FindAsync(
        IReadOnlyCollection<Guid> ids, DateTimeOffset since, CancellationToken cancellation)
    {
        var jetStream = runtime.Options.NatsTransport().JetStream;
        Dictionary<Guid, (ulong, DateTimeOffset)> found = [];
        var last = (await jetStream.GetStreamAsync(Subjects.EventStream, cancellationToken: cancellation)).Info.State.LastSeq;
        var consumer = await jetStream.CreateOrderedConsumerAsync(
            Subjects.EventStream,
            new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartTime, OptStartTime = since - Skew, HeadersOnly = true },
            cancellation);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(Silence);
        try
        {
            await foreach (var message in consumer.ConsumeAsync<byte[]>(cancellationToken: silence.Token))
            {
                silence.CancelAfter(Silence);
                var metadata = message.Metadata!.Value;
                if (Guid.TryParse(message.Headers?[MessageId], out var id) && ids.Contains(id))
                {
                    found[id] = (metadata.Sequence.Stream, metadata.Timestamp);
                }

                if (found.Count == ids.Count || metadata.Sequence.Stream >= last || metadata.Timestamp > since + Longest)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // There is nothing more.
        }

        return found;
    }
}
