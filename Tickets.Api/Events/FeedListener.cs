using System.Threading.Channels;

namespace Tickets.Api.Events;

/// <summary>One who listens to a tenant's events. Who reads too slowly is let go, and resumes where it was.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="stream">The stream as it is now; events that come after its end are heard.</param>
/// <param name="ended">Called when it ends.</param>
public sealed class FeedListener(string tenant, StreamEnds stream, Action<FeedListener> ended) : IDisposable
{
    private const int MostWaiting = 1000;

    private readonly Channel<FeedEvent> _waiting = Channel.CreateBounded<FeedEvent>(MostWaiting);
    private DateTimeOffset _made = stream.Made;

    /// <summary>Whose events it gets.</summary>
    public string Tenant { get; } = tenant;

    /// <summary>The events in their order. It completes when too many waited to be read.</summary>
    public ChannelReader<FeedEvent> Events => _waiting.Reader;

    /// <summary>The sequence after which it listens.</summary>
    public ulong After { get; private set; } = stream.Last;

    /// <summary>Whether the stream has begun to count anew since it listens.</summary>
    public bool HasGoneBack { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended(this);
        _waiting.Writer.TryComplete();
    }

    /// <summary>What has a number again that it had before is heard, and all of a stream that was made since.</summary>
    internal void GoBackTo(StreamEnds stream)
    {
        if (stream.Made == _made && stream.Last >= After)
        {
            return;
        }

        (After, HasGoneBack) = (stream.Made == _made ? Math.Min(After, stream.Last) : 0, true);
        _made = stream.Made;
    }

    internal void Offer(FeedEvent next)
    {
        if (next.Sequence > After && !_waiting.Writer.TryWrite(next))
        {
            Dispose();
        }
    }
}
