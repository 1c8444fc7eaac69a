using System.Diagnostics;
using System.Threading.Channels;
using Wolverine.Runtime;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Publishes whatever is waiting all at once, looks at every ack, and reports what was stored, what never can be and what
/// should be tried again, each apart: one bad message must not hold up its neighbours. There is no timer: while batches are
/// under way, the next one gathers. What it holds is bounded: who brings more waits, and what can't be sent goes back to the
/// outbox, where Wolverine's recovery finds it.
/// </summary>
internal sealed class PipelinedSender : ISender, ISenderRequiresCallback
{
    /// <summary>How many messages wait in memory at most, beside the batches under way.</summary>
    internal const int MostWaiting = 4096;

    // A server that restarts or a leader that moves is back by then; what lasts longer is the outbox's to keep.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Envelope> _waiting = Channel.CreateBounded<Envelope>(MostWaiting);
    private readonly NatsEndpoint _endpoint;
    private readonly ISender _sender;
    private readonly IWolverineRuntime _runtime;
    private readonly OutboxReports _outbox;
    private volatile bool _isTaken = true;

    /// <summary>Starts it.</summary>
    /// <param name="endpoint">Where to; its batch size and parallelism are kept to.</param>
    /// <param name="sender">Sends one message, or many.</param>
    /// <param name="runtime">The host's runtime.</param>
    public PipelinedSender(NatsEndpoint endpoint, ISender sender, IWolverineRuntime runtime)
    {
        _endpoint = endpoint;
        _sender = sender;
        _runtime = runtime;
        _outbox = new OutboxReports(endpoint, runtime);
        for (var i = 0; i < endpoint.MessageBatchMaxDegreeOfParallelism; i++)
        {
            _ = Task.Run(SendAllAsync);
        }
    }

    public bool SupportsNativeScheduledSend => _sender.SupportsNativeScheduledSend;

    public Uri Destination => _endpoint.Uri;

    public void RegisterCallback(ISenderCallback senderCallback) => _outbox.To(senderCallback);

    public Task<bool> PingAsync() => _sender.PingAsync();

    /// <summary>Returns when the message waits to be sent, which takes as long as there is no room. The callback is told what becomes of it.</summary>
    public ValueTask SendAsync(Envelope envelope) => _waiting.Writer.WriteAsync(envelope);

    /// <summary>Takes no more. What is left is sent while the connection lives, and is in the outbox in any case.</summary>
    public void Dispose() => _waiting.Writer.TryComplete();

    /// <summary>A subject that is none, a body that can't be written and a message that is too large stay so for ever.</summary>
    internal static bool IsPermanent(Exception? fault) =>
        fault is not null and not PublishUnknownException and not PublishRefusedException { Permanent: false };

    /// <summary>Whether it is worth sending again.</summary>
    internal static bool MayPass(Exception? fault) => fault is not null && !IsPermanent(fault);

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
            await (_endpoint.Agent is { Latched: true } ? _outbox.LatchedAsync(batch) : SendPatientlyAsync(batch));
        }
#pragma warning disable CA1031 // The next batch must be sent whatever became of this one; the outbox has its messages.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await _outbox.GiveBackAsync(batch, e);
        }
    }

    // What is left in the batch at the end is what nothing was said of.
    private async Task SendPatientlyAsync(List<Envelope> batch)
    {
        var started = Stopwatch.GetTimestamp();
        var othersAreTaken = false;
        for (var pause = FirstPause; ; pause *= 2)
        {
            var faults = await (_sender is JetStreamSender many ? many.SendAllAsync(batch) : Task.WhenAll(batch.Select(TrySendAsync)));
            await _outbox.ReportAsync(batch, faults);
            var fault = Array.Find(faults, MayPass);
            othersAreTaken |= Array.Exists(faults, found => found is null);
            Envelope[] left = [.. batch.Where((_, i) => MayPass(faults[i]))];
            batch.Clear();
            batch.AddRange(left);
            if (batch.Count == 0)
            {
                _isTaken = true;
                return;
            }

            // What was refused before and is refused again goes back at once: each try of what is in the outbox costs memory.
            _isTaken |= othersAreTaken;
            if (!_isTaken || Stopwatch.GetElapsedTime(started) + pause > Patience || _runtime.Cancellation.IsCancellationRequested)
            {
                _isTaken = othersAreTaken;
                await _outbox.GiveBackAsync(batch, fault!, othersAreTaken);
                return;
            }

            await Task.Delay(pause, _runtime.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
}
