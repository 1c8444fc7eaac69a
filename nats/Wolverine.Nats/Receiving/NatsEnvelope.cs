using System.Diagnostics;
using NATS.Client.JetStream;

namespace Wolverine.Nats.Receiving;

/// <summary>An envelope that knows the JetStream delivery behind it, which is settled at most once.</summary>
/// <param name="delivery">The delivery.</param>
/// <param name="unsettled">Those of its listener; this one is among them until it is settled.</param>
internal sealed class NatsEnvelope(INatsJSMsg<byte[]> delivery, Unsettled unsettled) : Envelope
{
    private readonly long _received = Stopwatch.GetTimestamp();
    private int _settled;
    private int _attemptsBefore = -1;
    private long _renewed = Stopwatch.GetTimestamp();
    private TaskCompletionSource? _renewal;
    private int _givenUp;

    public INatsJSMsg<byte[]> Delivery { get; } = delivery;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    /// <summary>Whether it has become a dead letter or is about to.</summary>
    public bool IsGivenUp => Volatile.Read(ref _givenUp) != 0;

    /// <summary>Whether it was acknowledged although nobody has begun to handle it, and is nowhere else.</summary>
    public bool IsInMemoryAlone { get; set; }

    /// <summary>How long ago it came.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_received);

    /// <summary>How long ago the lease was given or renewed.</summary>
    public TimeSpan LeaseAge => Stopwatch.GetElapsedTime(Volatile.Read(ref _renewed));

    // Wolverine counts an attempt when it begins.
    private bool WaitsForItsHandler => !IsGivenUp && Attempts == Volatile.Read(ref _attemptsBefore);

    /// <summary>Wolverine gets it now. Each earlier delivery was an attempt, in this process or another.</summary>
    /// <param name="mayBeDropped">Whether it is not handled when it is lost before its handler begins.</param>
    public void HandOver(bool mayBeDropped)
    {
        Attempts = (int)Math.Min(Delivery.Metadata!.Value.NumDelivered - 1, int.MaxValue);
        Volatile.Write(ref _attemptsBefore, mayBeDropped ? Attempts : -1);
    }

    /// <summary>It waits for its dead letter from now on.</summary>
    public void GiveUp() => Volatile.Write(ref _givenUp, 1);

    /// <summary>
    /// The server has taken it back and delivers it again. Wolverine drops what waits when its time is over, and completes it; a handler
    /// that has it goes on, and what it has done can still be acknowledged.
    /// </summary>
    public void Lose()
    {
        if (!WaitsForItsHandler)
        {
            unsettled.Remove(this);
        }
        else if (TrySettle())
        {
            DeliverBy = DateTimeOffset.MinValue;
        }
    }

    /// <summary>False while a renewal is on its way. One that has begun is not to be sent when this is settled.</summary>
    public bool TryBeginRenewal() =>
        Interlocked.CompareExchange(ref _renewal, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null) is null;

    /// <param name="renewed">Whether it reached the server.</param>
    public void EndRenewal(bool renewed)
    {
        if (renewed)
        {
            Volatile.Write(ref _renewed, Stopwatch.GetTimestamp());
        }

        Interlocked.Exchange(ref _renewal, null)!.SetResult();
    }

    /// <summary>Returns when no renewal is on its way. Of what is settled none begins.</summary>
    public Task RenewedAsync() => Volatile.Read(ref _renewal)?.Task ?? Task.CompletedTask;

    /// <summary>True for the first caller only: Wolverine completes again what the listener has already terminated or given back.</summary>
    public bool TrySettle()
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            return false;
        }

        unsettled.Remove(this);
        return true;
    }
}
