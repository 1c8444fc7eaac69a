using Microsoft.Extensions.Logging;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Receiving;

/// <summary>Builds what listens on an endpoint: one listener for each place that its messages come from.</summary>
internal sealed class ListenerFactory(NatsEndpoint endpoint, IWolverineRuntime runtime)
{
    private readonly ILogger _logger = runtime.LoggerFactory.CreateLogger<NatsEndpoint>();

    /// <summary>Those that receive from JetStream need no server for it: when a pause is over, Wolverine tries to start them once only.</summary>
    public async Task<IListener> BuildAsync(IReceiver receiver)
    {
        var declared = endpoint.Transport.Declarations;
        var listeners = new CompoundListener(endpoint.Uri);
        try
        {
            foreach (var source in declared.SourcesOf(endpoint, endpoint.Transport.Broker).Concat(declared.OwnSourcesOf(endpoint)))
            {
                Topology.RequireReceiving(source);
                listeners.Inner.Add(source.Consumer is null ? await StartCoreAsync(source, receiver) : StartJetStream(source, receiver));
            }
        }
        catch
        {
            // Nobody else knows those that have started.
            await listeners.DisposeAsync();
            throw;
        }

        return listeners.Inner is [var only] ? only : listeners;
    }

    /// <summary>What takes the dead letters of buffered and durable listening, whose deliveries are settled by then.</summary>
    public ISender? DeadLetterSender()
    {
        var declared = endpoint.Transport.Declarations;
        var places = declared.SourcesOf(endpoint, endpoint.Transport.Broker).Concat(declared.OwnSourcesOf(endpoint))
            .Where(source => declared.DeadLettersOf(endpoint, source.Filter) is not null)
            .Select(source => (source, PublisherOf(declared.DeadLettersOf(endpoint, source.Filter)!, source)))
            .ToArray();
        return places.Length > 0 ? new DeadLetterSender(endpoint, places) : null;
    }

    private async Task<IListener> StartCoreAsync(ListenerSource source, IReceiver receiver)
    {
        var listener = new CoreNatsListener(endpoint, source, receiver, _logger);
        await listener.StartAsync(runtime.Cancellation);
        return listener;
    }

    private JetStreamListener StartJetStream(ListenerSource source, IReceiver receiver)
    {
        var target = endpoint.Transport.Declarations.DeadLettersOf(endpoint, source.Filter);
        IDeadLetterTarget deadLetters = target is null ? new StoredDeadLetters(runtime) : PublisherOf(target, source);
        var listener = new JetStreamListener(endpoint, source, receiver, deadLetters, runtime, _logger);
        endpoint.Transport.Listeners.TryAdd(listener, true);
        listener.Start();
        return listener;
    }

    private DeadLetterPublisher PublisherOf(DeadLetterConfiguration target, ListenerSource source) =>
        new(source.Broker, target, endpoint, source.Consumer!, runtime);
}
