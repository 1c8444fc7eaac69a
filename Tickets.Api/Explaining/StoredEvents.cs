using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Api.Events;

namespace Tickets.Api.Explaining;

/// <summary>Finds events in their stream by their ids.</summary>
/// <param name="read">The stream from a place on, until the server falls silent.</param>
/// <param name="newest">The newest sequence of the stream.</param>
/// <param name="silence">After how long without a message nothing more is there, from a server that is heard. Longer than the pause after which the stream's leader is asked for what is missing at the end.</param>
internal sealed class StoredEvents(
    Func<NatsJSOrderedConsumerOpts, CancellationToken, IAsyncEnumerable<StreamMessage>> read, Func<CancellationToken, Task<ulong>> newest, TimeSpan silence)
{
    /// <summary>Reads the stream near the time of each first, and then, for those that were not there, from there to its end.</summary>
    /// <param name="made">The events, and when each was made.</param>
    /// <param name="keptSince">What was made before is looked for near its time alone: it has most likely left the stream by its age.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The sequence and the time at which each was stored.</returns>
    /// <exception cref="NatsException">NATS is out of reach, or says nothing more before the end of the stream.</exception>
    public async Task<IReadOnlyDictionary<Guid, (ulong Sequence, DateTimeOffset At)>> FindAsync(
        IEnumerable<KeyValuePair<Guid, DateTimeOffset>> made, DateTimeOffset keptSince, CancellationToken cancellation)
    {
        var search = new EventSearch(made, keptSince);
        var last = await newest(cancellation);
        ulong? reached = null;
        while (search.From is { } from)
        {
            var place = reached is { } before
                ? new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = before + 1, HeadersOnly = true }
                : new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartTime, OptStartTime = from, HeadersOnly = true };
            reached = await ReadAsync(place, last, search, cancellation);
        }

        return search.Found;
    }

    // The sequence after which a server that fell silent has more; null when the next is to be looked for by its time.
    private async Task<ulong?> ReadAsync(NatsJSOrderedConsumerOpts place, ulong last, EventSearch search, CancellationToken cancellation)
    {
        ulong? reached = null;
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        quiet.CancelAfter(silence);
        try
        {
            await foreach (var message in read(place, quiet.Token))
            {
                quiet.CancelAfter(silence);
                reached = message.Sequence;
                if (!search.Look(Guid.TryParse(message.MessageId, out var id) ? id : null, message.Sequence, message.Time))
                {
                    return null;
                }

                if (message.Sequence >= last)
                {
                    search.End();
                    return null;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The reading was quiet for long enough.
        }

        if (quiet.IsCancellationRequested)
        {
            cancellation.ThrowIfCancellationRequested();
            search.End();
            return null;
        }

        return reached ?? throw new NatsException("it says nothing more before the end of the stream");
    }
}
