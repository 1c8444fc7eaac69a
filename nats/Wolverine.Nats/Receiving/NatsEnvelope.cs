using NATS.Client.JetStream;

namespace Wolverine.Nats.Receiving;

/// <summary>An envelope that knows the JetStream delivery behind it, which is settled at most once.</summary>
/// <param name="delivery">The delivery.</param>
/// <param name="unsettled">Those of its listener; this one is among them until it is settled.</param>
internal sealed class NatsEnvelope(INatsJSMsg<byte[]> delivery, Unsettled unsettled) : Envelope
{
    private int _settled;

    public INatsJSMsg<byte[]> Delivery { get; } = delivery;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

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
