using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Publishes whatever is waiting all at once, looks at every ack, and reports what was stored, what never can be and what
/// should be tried again, each apart: one bad message must not hold up its neighbours. There is no timer: while batches are
/// under way, the next one gathers.
/// </summary>
internal sealed partial class PipelinedSender : ISender, ISenderRequiresCallback
{
    private readonly Channel<Envelope> _waiting = Channel.CreateUnbounded<Envelope>();
    private readonly NatsEndpoint _endpoint;
    private readonly ISender _sender;
    private readonly IWolverineRuntime _runtime;
    private readonly ILogger _logger;
    private ISenderCallback? _callback;

    /// <summary>Starts it.</summary>
    /// <param name="endpoint">Where to; its batch size and parallelism are kept to.</param>
    /// <param name="sender">Sends one message, or many.</param>
    /// <param name="runtime">The host's runtime.</param>
    public PipelinedSender(NatsEndpoint endpoint, ISender sender, IWolverineRuntime runtime)
    {
        _endpoint = endpoint;
        _sender = sender;
        _runtime = runtime;
        _logger = runtime.LoggerFactory.CreateLogger<NatsEndpoint>();
        for (var i = 0; i < endpoint.MessageBatchMaxDegreeOfParallelism; i++)
        {
            _ = Task.Run(SendAllAsync);
        }
    }

    public bool SupportsNativeScheduledSend => _sender.SupportsNativeScheduledSend;

    public Uri Destination => _endpoint.Uri;

    public void RegisterCallback(ISenderCallback senderCallback) => _callback = senderCallback;

    public Task<bool> PingAsync() => _sender.PingAsync();

    /// <summary>Returns when the message waits to be sent. The callback is told what becomes of it.</summary>
    public ValueTask SendAsync(Envelope envelope) => _waiting.Writer.WriteAsync(envelope);

    /// <summary>Takes no more. What is left is sent while the connection lives, and is in the outbox in any case.</summary>
    public void Dispose() => _waiting.Writer.TryComplete();

    /// <summary>A subject that is none, a body that can't be written and a message that is too large stay so for ever.</summary>
    internal static bool IsPermanent(Exception? fault) =>
        fault is not null and not PublishUnknownException and not PublishRefusedException { Permanent: false };

    private async Task SendAllAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync() && !_runtime.Cancellation.IsCancellationRequested)
        {
            List<Envelope> batch = [];
            while (batch.Count < _endpoint.MessageBatchSize && _waiting.Reader.TryRead(out var envelope))
            {
                batch.Add(envelope);
            }

            if (batch.Count > 0)
            {
                await SendAsync(batch);
            }
        }
    }

    private async Task SendAsync(List<Envelope> batch)
    {
        try
        {
            var faults = await (_sender is JetStreamSender many ? many.SendAllAsync(batch) : Task.WhenAll(batch.Select(TrySendAsync)));
            await ReportAsync(batch, faults);
        }
#pragma warning disable CA1031 // The next batch must be sent whatever became of this one; the outbox has its messages.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnreported(_logger, e, batch.Count, Destination);
        }
    }

    private async Task ReportAsync(List<Envelope> batch, Exception?[] faults)
    {
        var callback = _callback!;
        await Report(
            fault => fault is null,
            sent => _endpoint.WhenConfirmed is { } confirmed ? confirmed([.. sent.Messages], _runtime) : callback.MarkSuccessfulAsync(sent));
        await Report(IsPermanent, callback.MarkSerializationFailureAsync);
        await Report(
            fault => fault is not null && !IsPermanent(fault),
            failed => callback.MarkProcessingFailureAsync(failed, Array.Find(faults, fault => fault is not null && !IsPermanent(fault))));

        Task Report(Predicate<Exception?> applies, Func<OutgoingMessageBatch, Task> mark)
        {
            var chosen = batch.Where((_, i) => applies(faults[i])).ToArray();
            return chosen.Length == 0 ? Task.CompletedTask : mark(new OutgoingMessageBatch(Destination, chosen));
        }
    }

    private async Task<Exception?> TrySendAsync(Envelope envelope)
    {
        try
        {
            await _sender.SendAsync(envelope);
            return null;
        }
        catch (OperationCanceledException e)
        {
            return new PublishUnknownException(_endpoint.Subject, _endpoint.StreamName, forbidden: false, e);
        }
#pragma warning disable CA1031 // Each message's fault is reported on its own; none may hide its neighbours' success.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    [LoggerMessage(4032, LogLevel.Error, "What became of {Count} messages to {Destination} could not be reported; they are in the outbox and will be sent again")]
    private static partial void LogUnreported(ILogger logger, Exception exception, int count, Uri destination);
}
