using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Keeps the messages of a buffered endpoint that could not be stored yet, and publishes them until they are. Wolverine's
/// own agent forgets what it has set aside as soon as another message of the endpoint is stored.
/// </summary>
internal sealed partial class WaitingRoom(
    NatsEndpoint endpoint, Func<Envelope, Task<Exception?>> send, ILogger logger, CancellationToken stopping)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<Envelope> _waiting = [];
    private int _running;

    /// <summary>Takes messages in. Returns at once while there is room for more, else when there is: publishers wait then.</summary>
    public async Task AddAsync(ISenderCallback callback, IReadOnlyCollection<Envelope> envelopes, Exception fault)
    {
        foreach (var envelope in envelopes)
        {
            _waiting.Enqueue(envelope);
        }

        if (Interlocked.Exchange(ref _running, 1) == 0)
        {
            LogWaiting(logger, fault, endpoint.Subject);
            _ = Task.Run(() => RunAsync(callback), CancellationToken.None);
        }

        while (_waiting.Count > endpoint.MaximumEnvelopeRetryStorage && !stopping.IsCancellationRequested)
        {
            await PauseAsync(ShortestPause);
        }
    }

    private async Task RunAsync(ISenderCallback callback)
    {
        var pause = ShortestPause;
        while (!stopping.IsCancellationRequested)
        {
            var batch = Next();
            if (batch.Length == 0 && TryEnd())
            {
                LogStored(logger, endpoint.Subject);
                return;
            }

            // In turn, so that those whose stream is full don't keep others waiting.
            if (await TryAgainAsync(callback, batch) == batch.Length)
            {
                await PauseAsync(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            else
            {
                pause = ShortestPause;
            }
        }
    }

    // False when more came in after the last look.
    private bool TryEnd()
    {
        Interlocked.Exchange(ref _running, 0);
        return _waiting.IsEmpty || Interlocked.Exchange(ref _running, 1) != 0;
    }

    private Envelope[] Next()
    {
        List<Envelope> batch = [];
        while (batch.Count < endpoint.MessageBatchSize && _waiting.TryDequeue(out var envelope))
        {
            if (!envelope.IsExpired())
            {
                batch.Add(envelope);
            }
        }

        return [.. batch];
    }

    // Returns how many must wait on.
    private async Task<int> TryAgainAsync(ISenderCallback callback, Envelope[] batch)
    {
        var outcome = new BatchOutcome(batch, await Task.WhenAll(batch.Select(send)));
        foreach (var envelope in outcome.Unconfirmed)
        {
            _waiting.Enqueue(envelope);
        }

        try
        {
            await (outcome.Unsendable.Count == 0
                ? Task.CompletedTask
                : callback.MarkSerializationFailureAsync(new OutgoingMessageBatch(endpoint.Uri, outcome.Unsendable)));
        }
#pragma warning disable CA1031 // Those that wait must not be forgotten for what can't be sent.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnsendable(logger, e, outcome.Unsendable.Count, endpoint.Subject);
        }

        return outcome.Unconfirmed.Count;
    }

    private async Task PauseAsync(TimeSpan pause) =>
        await Task.Delay(pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(4030, LogLevel.Warning, "Messages to {Subject} can't be stored; they wait in memory and are published again until they are")]
    private static partial void LogWaiting(ILogger logger, Exception fault, string subject);

    [LoggerMessage(4032, LogLevel.Error, "{Count} messages to {Subject} can never be sent, and could not be dead-lettered")]
    private static partial void LogUnsendable(ILogger logger, Exception fault, int count, string subject);

    [LoggerMessage(4031, LogLevel.Information, "No message to {Subject} is waiting any more")]
    private static partial void LogStored(ILogger logger, string subject);
}
