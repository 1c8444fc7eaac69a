using System.Diagnostics;
using NATS.Client.JetStream;

namespace Wolverine.Nats.Receiving;

/// <summary>An envelope that knows the JetStream delivery behind it, which is settled at most once.</summary>
/// <param name="delivery">The delivery.</param>
/// <param name="unsettled">Those of its listener; this one is among them until it is settled.</param>
internal sealed class NatsEnvelope(INatsJSMsg<byte[]> delivery, Unsettled unsettled) : Envelope
{
    private int _settled;
    private long _renewed = Stopwatch.GetTimestamp();
    private int _renewing;

    public INatsJSMsg<byte[]> Delivery { get; } = delivery;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    /// <summary>How long ago the lease was given or renewed.</summary>
    public TimeSpan LeaseAge => Stopwatch.GetElapsedTime(Volatile.Read(ref _renewed));

    /// <summary>False while a renewal is on its way.</summary>
    public bool TryBeginRenewal() => Interlocked.Exchange(ref _renewing, 1) == 0;

    /// <param name="renewed">Whether it reached the server.</param>
    public void EndRenewal(bool renewed)
    {
        if (renewed)
        {
            Volatile.Write(ref _renewed, Stopwatch.GetTimestamp());
        }

        Volatile.Write(ref _renewing, 0);
    }

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
