using System.Diagnostics;
using Wolverine.Configuration;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Sends inline through JetStream: returns when a stream has the message, throws when none has it after a few tries.
/// Wolverine's own inline agent gives up after four tries and returns as if the message had been sent.
/// </summary>
internal sealed class ConfirmedSendingAgent(ISender sender, NatsEndpoint endpoint, IWolverineRuntime runtime)
    : ISendingAgent, IReportConnectionState
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(250)];

    // One publish that waits in vain takes as long by itself.
    private TimeSpan Patience => endpoint.Transport.Configuration.RequestTimeout;

    public Uri Destination => endpoint.Uri;

    public Uri? ReplyUri { get; set; }

    public bool Latched => false;

    public bool IsDurable => false;

    public bool SupportsNativeScheduledSend => sender.SupportsNativeScheduledSend;

    public Endpoint Endpoint => endpoint;

    public TransportConnectionState ConnectionState =>
        (sender as IReportConnectionState)?.ConnectionState ?? TransportConnectionState.Unknown;

    public DateTimeOffset LastMessageSentAt { get; private set; } = DateTimeOffset.UtcNow;

    /// <exception cref="PublishException">No stream has confirmed the message.</exception>
    public async ValueTask EnqueueOutgoingAsync(Envelope envelope)
    {
        envelope.Status = EnvelopeStatus.Outgoing;
        envelope.OwnerId = runtime.DurabilitySettings.AssignedNodeNumber;
        envelope.ReplyUri ??= ReplyUri;
        using var activity = endpoint.TelemetryEnabled ? WolverineTracing.StartSending(envelope) : null;
        try
        {
            await SendAsync(envelope);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }

        runtime.MessageTracking.Sent(envelope);
        LastMessageSentAt = DateTimeOffset.UtcNow;
    }

    public ValueTask StoreAndForwardAsync(Envelope envelope) => EnqueueOutgoingAsync(envelope);

    // The same id every time: what was stored without an answer is not stored twice.
    private async Task SendAsync(Envelope envelope)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var pause in Pauses)
        {
            try
            {
                await sender.SendAsync(envelope);
                return;
            }
            catch (PublishException e) when (!PipelinedSender.IsPermanent(e) && Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(pause, runtime.Cancellation);
            }
        }

        await sender.SendAsync(envelope);
    }
}
