using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using Wolverine.Configuration;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Hands deliveries to Wolverine and settles each one when its handler has finished. Settling never uses the token
/// that stops the receiving: finished work must still be acknowledged while the process goes down.
/// </summary>
internal sealed class JetStreamListener
    : IListener, ISupportDeadLetterQueue, ISupportLeaseRenewal, ISupportNativeScheduling, IReportConnectionState,
        IReportReceiveLoopHealth
{
    private static readonly TimeSpan RedeliveryDelay = TimeSpan.FromSeconds(1);

    private readonly NatsEndpoint _endpoint;
    private readonly ListenerSource _source;
    private readonly ConsumerDeclaration _consumer;
    private readonly IReceiver _receiver;
    private readonly DeadLettering _deadLettering;
    private readonly Settlement _settlement;
    private readonly Leases _leases;
    private readonly Arrivals _arrivals;
    private readonly Returned _returned;
    private readonly DurabilitySettings _durability;
    private readonly CancellationToken _processStopping;
    private readonly Unsettled _unsettled;
    private readonly ReceiveLoop _loop;
    private bool _hasStopped;

    public JetStreamListener(
        NatsEndpoint endpoint,
        ListenerSource source,
        IReceiver receiver,
        IDeadLetterTarget deadLetters,
        IWolverineRuntime runtime,
        ILogger logger)
    {
        _endpoint = endpoint;
        _source = source;
        _consumer = source.Consumer!;
        _receiver = receiver;
        _settlement = new Settlement(_consumer, logger);
        _durability = runtime.DurabilitySettings;
        _processStopping = runtime.Services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        _unsettled = new Unsettled(endpoint.Consumer.InFlightLimit, endpoint.SettlesAfterHandling);
        _leases = new Leases(_consumer.AckWait, endpoint.Consumer.MaximumLease, _unsettled, _settlement, logger);
        _deadLettering = new DeadLettering(deadLetters, _settlement, logger);
        _returned = new Returned(source);
        _arrivals = new Arrivals(endpoint, source, receiver, _deadLettering, logger);
        _loop = new ReceiveLoop(endpoint, source, ReceiveAsync, _settlement, _unsettled, logger);
    }

    public Uri Address => _endpoint.Uri;

    public IHandlerPipeline? Pipeline => _receiver.Pipeline;

    /// <summary>Buffered and durable receivers settle first and keep what fails by themselves.</summary>
    public bool NativeDeadLetterQueueEnabled => _deadLettering.IsNative && _endpoint.SettlesAfterHandling;

    public bool NativeSchedulingEnabled => _endpoint.SettlesAfterHandling;

    public TimeSpan LeaseDuration => _consumer.AckWait;

    public TimeSpan MaximumLeaseExtension => _endpoint.Consumer.MaximumLease;

    /// <summary>The listener renews by itself.</summary>
    public bool RequiresExplicitRenewal => false;

    public TransportConnectionState ConnectionState =>
        !_loop.IsReceiving && _source.Broker.ConnectionState == TransportConnectionState.Connected
            ? TransportConnectionState.Disconnected
            : _source.Broker.ConnectionState;

    public ReceiveLoopStatus ReceiveLoopStatus =>
        _loop.IsStopping ? ReceiveLoopStatus.Stopped : _loop.IsReceiving ? ReceiveLoopStatus.Running : ReceiveLoopStatus.Faulted;

    public DateTimeOffset? LastReceiveLoopActivityAt { get; private set; }

    public void Start()
    {
        _loop.Start();
        _leases.Start();
    }

    public async ValueTask CompleteAsync(Envelope envelope)
    {
        if (envelope is NatsEnvelope received && received.TrySettle())
        {
            received.IsInMemoryAlone = _endpoint.Mode == EndpointMode.BufferedInMemory;
            await _settlement.AckAsync(received.Delivery);
        }
    }

    /// <exception cref="Sending.PublishException">It was in memory alone, and its stream did not confirm that it has it again.</exception>
    public async ValueTask DeferAsync(Envelope envelope)
    {
        if (envelope is not NatsEnvelope received)
        {
            return;
        }

        if (received.TrySettle())
        {
            await _settlement.NakAsync(received, _loop.IsStopping ? _loop.GiveBackDelay : RedeliveryDelay);
        }
        else if (received.IsInMemoryAlone)
        {
            await _returned.SendAsync(received.Delivery);
        }
    }

    /// <summary>
    /// False when the delivery is settled already: then the buffer must keep the message. One that is stopping keeps nothing, and the stream gets it back.
    /// </summary>
    /// <exception cref="Sending.PublishException">It was in memory alone, and its stream did not confirm that it has it again.</exception>
    public async Task<bool> TryRequeueAsync(Envelope envelope)
    {
        if (envelope is not NatsEnvelope received)
        {
            return false;
        }

        if (received.TrySettle())
        {
            await _settlement.NakAsync(received, Lasting(RedeliveryDelay));
            return true;
        }

        if (!received.IsInMemoryAlone || !_loop.IsStopping)
        {
            return false;
        }

        await _returned.SendAsync(received.Delivery);
        return true;
    }

    public async Task MoveToScheduledUntilAsync(Envelope envelope, DateTimeOffset time)
    {
        if (envelope is NatsEnvelope received && received.TrySettle())
        {
            await _settlement.NakAsync(received, Lasting(time - DateTimeOffset.UtcNow));
        }
    }

    /// <exception cref="DeadLetterMoveFailedException">The copy was not stored; the delivery is given back and comes again.</exception>
    public async Task MoveToErrorsAsync(Envelope envelope, Exception exception)
    {
        if (envelope is NatsEnvelope { IsSettled: false } received
            && !await _deadLettering.TryAsync(received, DeadLetterCause.Of(exception)))
        {
            throw new DeadLetterMoveFailedException($"The dead letter of {envelope.Id} was not stored.", exception);
        }
    }

    /// <summary>Wolverine does not ask for it.</summary>
    public ValueTask<IReadOnlyList<Envelope>> RenewLeasesAsync(IReadOnlyList<Envelope> envelopes, CancellationToken token) => ValueTask.FromResult<IReadOnlyList<Envelope>>([]);

    public async ValueTask StopAsync()
    {
        await _loop.StopAsync(_durability.DrainTimeout);
        if (!_loop.IsCaller)
        {
            await _deadLettering.CompleteAsync();
            _hasStopped = true;
        }
    }

    /// <summary>
    /// When the process ends, Wolverine has waited for the handlers by now. What hangs in one all the same is given back, or it
    /// would come again only when its lease is over. A listener that is paused leaves its deliveries to the handlers that have them, and
    /// can give them back until they are settled.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!_hasStopped)
        {
            await StopAsync();
        }

        if (_processStopping.IsCancellationRequested)
        {
            await GiveBackAsync();
        }

        await _leases.EndAsync();
        _ = _leases.Ended.ContinueWith(ended => _endpoint.Transport.Listeners.TryRemove(this, out _), TaskScheduler.Default);
    }

    /// <summary>Receives no more, and gives back all that is not settled.</summary>
    public async Task GiveBackAsync()
    {
        await _loop.CancelAsync();

        // All at once: while the server can't be reached, each would wait for it.
        await Task.WhenAll(_unsettled.Envelopes.Select(envelope => DeferAsync(envelope).AsTask()));
    }

    // At the end no shorter than what is needed to be found again.
    private TimeSpan Lasting(TimeSpan delay) => _loop.IsStopping && _loop.GiveBackDelay > delay ? _loop.GiveBackDelay : delay;

    private Task ReceiveAsync(INatsJSMsg<byte[]> delivery)
    {
        LastReceiveLoopActivityAt = DateTimeOffset.UtcNow;
        return _arrivals.ReceiveAsync(_arrivals.Place(delivery, _unsettled), this);
    }
}
