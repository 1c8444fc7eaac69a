using System.Threading.Channels;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Messages that could not be sent. Each is tried again in its turn, so that none keeps others for good, and however many there are, the
/// server hears of no more than two or three thousand a second. Those that can be sent cost no pause.
/// </summary>
/// <param name="send">Sends one and returns whether it is done with; the pause is how long it waits for its next turn, at least.</param>
/// <param name="abandon">Is told of each that is left when there is no more time.</param>
/// <param name="giveUp">There is no more time.</param>
internal sealed class FailedMessages(Func<Envelope, TimeSpan, Task<bool>> send, Action<Envelope> abandon, CancellationToken giveUp)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private const int Lanes = 128;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Channel<(Envelope Envelope, long Due, TimeSpan Pause)> _waiting = Channel.CreateUnbounded<(Envelope, long, TimeSpan)>();
    private readonly Lock _gate = new();
    private Task? _trying;
    private int _left = 1;

    /// <summary>Adds one that has failed for the first time.</summary>
    public void Add(Envelope envelope)
    {
        Interlocked.Increment(ref _left);
        Wait(envelope, FirstPause);
        lock (_gate)
        {
            _trying ??= Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(TryAllAsync)));
        }
    }

    /// <summary>Returns when none is left. None may be added any more.</summary>
    public Task DrainAsync()
    {
        Leave();
        return _trying ?? Task.CompletedTask;
    }

    private void Wait(Envelope envelope, TimeSpan pause) => _waiting.Writer.TryWrite((envelope, Environment.TickCount64 + (long)pause.TotalMilliseconds, pause));

    private void Leave()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _waiting.Writer.Complete();
        }
    }

    private async Task TryAllAsync()
    {
        await foreach (var (envelope, due, pause) in _waiting.Reader.ReadAllAsync())
        {
            await PauseAsync(TimeSpan.FromMilliseconds(Math.Max(0, due - Environment.TickCount64)));
            var next = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            if (giveUp.IsCancellationRequested)
            {
                abandon(envelope);
                Leave();
            }
            else if (await send(envelope, next))
            {
                Leave();
            }
            else
            {
                Wait(envelope, next);
                await PauseAsync(FirstPause);
            }
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
