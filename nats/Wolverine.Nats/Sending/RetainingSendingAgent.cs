using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Wolverine.Configuration;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Sends in the background through JetStream, many at once, and keeps each message in memory until a stream has it, for as
/// long as that takes. Wolverine's own buffered agent sets failed messages aside and forgets them when others succeed. What
/// fails is in nobody's way: it waits apart from what was never tried, in turn. All of it together is bounded by
/// <see cref="Endpoint.MaximumEnvelopeRetryStorage"/>: who brings more waits.
/// </summary>
internal sealed partial class RetainingSendingAgent : ISendingAgent, IReportConnectionState, IAsyncDisposable
{
    private const int InFlight = 256;

    private readonly CancellationTokenSource _giveUp = new();
    private readonly Channel<Envelope> _waiting = Channel.CreateUnbounded<Envelope>();
    private readonly FailedMessages _failed;
    private readonly SemaphoreSlim _room;
    private readonly Task _sending;
    private readonly ISender _sender;
    private readonly IWolverineRuntime _runtime;
    private readonly ILogger _logger;

    public RetainingSendingAgent(ISender sender, NatsEndpoint endpoint, IWolverineRuntime runtime)
    {
        _sender = sender;
        _runtime = runtime;
        _logger = runtime.LoggerFactory.CreateLogger<NatsEndpoint>();
        Endpoint = endpoint;
        _room = new SemaphoreSlim(Math.Max(1, endpoint.MaximumEnvelopeRetryStorage));
        _failed = new FailedMessages(SendAsync, envelope => GiveUp(envelope, fault: null), _giveUp.Token);
        _sending = Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(SendAllAsync)));
    }

    public Uri Destination => Endpoint.Uri;

    public Uri? ReplyUri { get; set; }

    public bool Latched => false;

    public bool IsDurable => false;

    public bool SupportsNativeScheduledSend => _sender.SupportsNativeScheduledSend;

    public Endpoint Endpoint { get; }

    public DateTimeOffset LastMessageSentAt { get; private set; } = DateTimeOffset.UtcNow;

    public TransportConnectionState ConnectionState =>
        (_sender as IReportConnectionState)?.ConnectionState ?? TransportConnectionState.Unknown;

    /// <summary>Returns when the message is in memory; waits while there is no room.</summary>
    public async ValueTask EnqueueOutgoingAsync(Envelope envelope)
    {
        envelope.Status = EnvelopeStatus.Outgoing;
        envelope.OwnerId = _runtime.DurabilitySettings.AssignedNodeNumber;
        envelope.ReplyUri ??= ReplyUri;

        // Now, as Wolverine's own agents do: who tracks the message must know of it before it arrives.
        _runtime.MessageTracking.Sent(envelope);
        await _room.WaitAsync();
        await _waiting.Writer.WriteAsync(envelope);
    }

    public ValueTask StoreAndForwardAsync(Envelope envelope) => EnqueueOutgoingAsync(envelope);

    /// <summary>Sends what is left, for at most the drain timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _giveUp.CancelAfter(_runtime.DurabilitySettings.DrainTimeout);
        await _sending;
        await _failed.DrainAsync();
        _giveUp.Dispose();
    }

    private async Task SendAllAsync()
    {
        await foreach (var envelope in _waiting.Reader.ReadAllAsync())
        {
            if (!await SendAsync(envelope, FailedMessages.FirstPause))
            {
                _failed.Add(envelope);
            }
        }
    }

    /// <returns>False when it is to be sent again.</returns>
    private async Task<bool> SendAsync(Envelope envelope, TimeSpan pause)
    {
        using var activity = Endpoint.TelemetryEnabled ? WolverineTracing.StartSending(envelope) : null;
        try
        {
            await _sender.SendAsync(envelope);
            LastMessageSentAt = DateTimeOffset.UtcNow;
        }
#pragma warning disable CA1031 // A message's fault is its own; the next one must be sent all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            if (PipelinedSender.MayPass(e) && !_giveUp.IsCancellationRequested)
            {
                LogFailed(_logger, e.Message, envelope.Id, pause);
                return false;
            }

            GiveUp(envelope, e);
            return true;
        }

        _room.Release();
        return true;
    }

    private void GiveUp(Envelope envelope, Exception? fault)
    {
        LogGivenUp(_logger, fault, envelope.Id, envelope.MessageType, Destination);
        _room.Release();
    }

    [LoggerMessage(4030, LogLevel.Warning, "Message {Id} is not sent yet: {Fault} Trying again in {Pause}")]
    private static partial void LogFailed(ILogger logger, string fault, Guid id, TimeSpan pause);

    [LoggerMessage(4031, LogLevel.Error, "Message {Id} of type {MessageType} to {Destination} can't be sent and is given up")]
    private static partial void LogGivenUp(ILogger logger, Exception? exception, Guid id, string? messageType, Uri destination);
}
