using System.Runtime.CompilerServices;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime;

namespace Tickets.Api.Events;

/// <summary>Reads the stream of events in its order, without taking anything from it.</summary>
public sealed class EventStream(IWolverineRuntime runtime)
{
    private readonly EventMessages _messages = new(runtime);

    /// <summary>From where to where it goes.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public Task<StreamEnds> EndsAsync(CancellationToken cancellation) => _messages.EndsAsync(cancellation);

    /// <summary>All events from a sequence on, and those to come, until the server falls silent.</summary>
    /// <param name="from">The first sequence. What has expired before it is left out.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async IAsyncEnumerable<FeedEvent> ReadAsync(ulong from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var place = new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = Math.Max(from, 1) };
        await foreach (var message in _messages.ReadAsync(place, cancellation))
        {
            if (message.Headers?.TryGetLastValue(CloudEventsMapper.TenantHeader, out var tenant) == true)
            {
                yield return new FeedEvent(message.Sequence, tenant!, message.Subject, Encoding.UTF8.GetString(message.Body));
            }
        }
    }
}
