using System.Threading.RateLimiting;
using Tickets.Api.Composition;

namespace Tickets.Api.Admission;

/// <summary>
/// How much of what is asked at once is taken, over HTTP and NATS together. Writes and reads have limits of their own, so that
/// neither takes the other's place.
/// </summary>
public sealed class Capacity(CapacityOptions options) : IDisposable
{
    // A read takes a few milliseconds: whoever is last in the queue still waits for less than a second. Longer, and those that have a place
    // hang, as those do whose client does not read.
    private const int QueuedForEachRead = 8;
    private static readonly TimeSpan LongestQueued = TimeSpan.FromSeconds(2);

    private readonly ConcurrencyLimiter _writes = new(new ConcurrencyLimiterOptions { PermitLimit = options.Writes, QueueLimit = 0 });
    private readonly ConcurrencyLimiter _reads = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Reads,
        QueueLimit = options.Reads * QueuedForEachRead,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>How many requests have a place or wait for one, at most.</summary>
    public int MostAtOnce { get; } = options.Writes + (options.Reads * (1 + QueuedForEachRead));

    /// <summary>A place for a request, until it is disposed; at once, or soon for one that reads. Not acquired when there is none.</summary>
    /// <param name="kind">What the request does.</param>
    /// <param name="cancellation">Whoever asks went away.</param>
    public async ValueTask<RateLimitLease> EnterAsync(RequestKind kind, CancellationToken cancellation)
    {
        var limiter = kind == RequestKind.Write ? _writes : _reads;
        var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired || kind == RequestKind.Write)
        {
            return lease;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestQueued);
        try
        {
            return await limiter.AcquireAsync(permitCount: 1, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return lease;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writes.Dispose();
        _reads.Dispose();
    }
}
