using System.Collections.Concurrent;
using NATS.Client.JetStream;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// What this process knows of messages that it gave back, for when they come to it again. Which of them others get, it is not told:
/// when there are too many, it forgets them all.
/// </summary>
/// <typeparam name="T">What it knows of each.</typeparam>
internal sealed class GivenBack<T>
    where T : class
{
    private const int Most = 4096;

    // With the time, because a stream that is made again counts from the start.
    private readonly ConcurrentDictionary<(ulong Sequence, DateTimeOffset Stored), T> _known = new();

    /// <returns>Null when nothing is known.</returns>
    public T? Of(INatsJSMsg<byte[]> delivery) => _known.GetValueOrDefault(KeyOf(delivery));

    public void Note(INatsJSMsg<byte[]> delivery, T what)
    {
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        _known[KeyOf(delivery)] = what;
    }

    public void Forget(INatsJSMsg<byte[]> delivery) => _known.TryRemove(KeyOf(delivery), out _);

    private static (ulong Sequence, DateTimeOffset Stored) KeyOf(INatsJSMsg<byte[]> delivery)
    {
        var metadata = delivery.Metadata!.Value;
        return (metadata.Sequence.Stream, metadata.Timestamp);
    }
}
