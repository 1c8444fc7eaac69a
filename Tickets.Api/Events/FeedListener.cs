using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Tickets.Api.Events;

/// <summary>One who listens to a tenant's events. Who reads too slowly is let go, and resumes where it was.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="stream">The stream as it is now; events that come after its end are heard.</param>
/// <param name="ended">Called when it ends.</param>
public sealed class FeedListener(string tenant, StreamEnds stream, Action<FeedListener> ended) : IDisposable
{
    private const int MostWaiting = 1000;

    // An event may be a megabyte.
    private const int MostCharacters = 1_000_000;

    private readonly Channel<FeedEvent> _waiting = Channel.CreateBounded<FeedEvent>(MostWaiting);
    private DateTimeOffset _made = stream.Made;
    private int _characters;

    /// <summary>Whose events it gets.</summary>
    public string Tenant { get; } = tenant;

    /// <summary>The sequence after which it listens.</summary>
    public ulong After { get; private set; } = stream.Last;

    /// <summary>Whether the stream has begun to count anew since it listens.</summary>
    public bool HasGoneBack { get; private set; }

    /// <summary>The events in their order. They end when too many, or too large ones, waited to be read.</summary>
    public async IAsyncEnumerable<FeedEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var next in _waiting.Reader.ReadAllAsync(cancellation))
        {
            Interlocked.Add(ref _characters, -next.Json.Length);
            yield return next;
        }
    }

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
        if (next.Sequence > After && !TryKeep(next))
        {
            Dispose();
        }
    }

    private bool TryKeep(FeedEvent next)
    {
        var characters = Interlocked.Add(ref _characters, next.Json.Length);
        return (characters <= MostCharacters || characters == next.Json.Length) && _waiting.Writer.TryWrite(next);
    }
}
