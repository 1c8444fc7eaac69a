using System.Threading.Channels;

namespace Tickets.Api.Events;

/// <summary>One who listens to a tenant's events. Who reads too slowly is let go, and resumes where it was.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="after">The sequence after which it listens.</param>
/// <param name="ended">Called when it ends.</param>
public sealed class FeedListener(string tenant, ulong after, Action<FeedListener> ended) : IDisposable
{
    private const int MostWaiting = 1000;

    private readonly Channel<FeedEvent> _waiting = Channel.CreateBounded<FeedEvent>(MostWaiting);

    /// <summary>Whose events it gets.</summary>
    public string Tenant { get; } = tenant;

    /// <summary>The events in their order. It completes when too many waited to be read.</summary>
    public ChannelReader<FeedEvent> Events => _waiting.Reader;

    /// <summary>The sequence after which it listens.</summary>
    public ulong After { get; private set; } = after;

    /// <summary>Whether the stream has begun to count anew since it listens.</summary>
    public bool HasGoneBack { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended(this);
        _waiting.Writer.TryComplete();
    }

    internal void GoBackTo(ulong newest) => (After, HasGoneBack) = (Math.Min(After, newest), true);

    internal void Offer(FeedEvent next)
    {
        if (next.Sequence > After && !_waiting.Writer.TryWrite(next))
        {
            Dispose();
        }
    }
}
