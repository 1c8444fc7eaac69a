using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime;

namespace Tickets.Api.Events;

/// <summary>Reads the stream of events in its order, without taking anything from it.</summary>
public sealed class EventStream(IWolverineRuntime runtime)
{
    private const int Prefetch = 1000;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private INatsJSContext JetStream => runtime.Options.NatsTransport().JetStream;

    /// <summary>The sequence of the newest event; 0 when there is none.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<ulong> LastSequenceAsync(CancellationToken cancellation) =>
        (await JetStream.GetStreamAsync(Subjects.EventStream, cancellationToken: cancellation)).Info.State.LastSeq;

    /// <summary>All events from a sequence on, and those to come, until the server falls silent.</summary>
    /// <param name="from">The first sequence. What has expired before it is left out.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async IAsyncEnumerable<FeedEvent> ReadAsync(ulong from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var consumer = await JetStream.CreateOrderedConsumerAsync(
            Subjects.EventStream,
            new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = Math.Max(from, 1) },
            cancellation);
        var options = new NatsJSConsumeOpts
        {
            MaxMsgs = Prefetch,
            IdleHeartbeat = Heartbeat,
            NotificationHandler = (notification, _) => notification is NatsJSTimeoutNotification ? silence.CancelAsync() : Task.CompletedTask,
        };
        await foreach (var message in consumer.ConsumeAsync<string>(opts: options, cancellationToken: silence.Token))
        {
            if (message.Metadata is { } metadata && message.Headers?.TryGetLastValue(CloudEventsMapper.TenantHeader, out var tenant) == true)
            {
                yield return new FeedEvent(metadata.Sequence.Stream, tenant!, message.Subject, message.Data ?? string.Empty);
            }
        }
    }
}
