using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Api.Events;
using Wolverine.Runtime;

namespace Tickets.Api.Explaining;

/// <summary>Finds events in their stream by their ids.</summary>
internal sealed class StoredEvents(IWolverineRuntime runtime)
{
    // Longer than the pause after which the stream's leader is asked for what is missing at the end.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private readonly EventMessages _messages = new(runtime);

    /// <summary>Reads the stream until all are found, it ends, or an hour has passed in it since each was made. Nothing is read twice.</summary>
    /// <param name="made">The events, and when each was made.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The sequence and the time at which each was stored.</returns>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<IReadOnlyDictionary<Guid, (ulong Sequence, DateTimeOffset At)>> FindAsync(
        IEnumerable<KeyValuePair<Guid, DateTimeOffset>> made, CancellationToken cancellation)
    {
        var search = new EventSearch(made);
        var last = await _messages.LastSequenceAsync(cancellation);
        while (search.From is { } from)
        {
            await ReadAsync(from, last, search, cancellation);
        }

        return search.Found;
    }

    private async Task ReadAsync(DateTimeOffset from, ulong last, EventSearch search, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(Silence);
        var place = new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartTime, OptStartTime = from, HeadersOnly = true };
        try
        {
            await foreach (var message in _messages.ReadAsync(place, silence.Token))
            {
                silence.CancelAfter(Silence);
                if (!search.Look(Guid.TryParse(message.MessageId, out var id) ? id : null, message.Sequence, message.Time))
                {
                    return;
                }

                if (message.Sequence >= last)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // There is nothing more.
        }

        search.End();
    }
}
