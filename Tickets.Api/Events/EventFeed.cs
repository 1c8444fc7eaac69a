using System.Collections.Concurrent;
using NATS.Client.Core;

namespace Tickets.Api.Events;

/// <summary>
/// One reading of the event stream for all who listen in this process. It reads only while somebody does, and goes on
/// where it was when the server comes back.
/// </summary>
public sealed partial class EventFeed(EventStream stream, IHostApplicationLifetime lifetime, ILogger<EventFeed> logger) : BackgroundService
{
    /// <summary>How many may listen to one process.</summary>
    public const int MostListeners = 1000;

    // Tenants with at least this many listeners leave as many places to those with fewer.
    private const int Share = MostListeners / 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<FeedListener, FeedListener> _listeners = new();
    private readonly SemaphoreSlim _wanted = new(0);

    /// <summary>Whether one more of a tenant's may listen. The last tenth of the places is for tenants that have fewer than a tenth of them.</summary>
    public bool HasRoomFor(string tenant) => _listeners.Count switch
    {
        < MostListeners - Share => true,
        < MostListeners => _listeners.Keys.Count(listener => listener.Tenant == tenant) < Share,
        _ => false,
    };

    /// <summary>Begins to collect a tenant's events.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">The stream's newest sequence; events after it are collected.</param>
    /// <returns>Ends with its disposal.</returns>
    public FeedListener Listen(string tenant, ulong after)
    {
        var listener = new FeedListener(tenant, after, ended => _listeners.TryRemove(ended, out _));
        _listeners[listener] = listener;
        _wanted.Release();
        return listener;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ulong last = 0;

        // Before HTTP stops, which waits for requests to end: those would never.
        await using var ends = lifetime.ApplicationStopping.UnsafeRegister(static feed => ((EventFeed)feed!).LetGo(), this);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.WaitAsync(stoppingToken);
            while (!_listeners.IsEmpty && !stoppingToken.IsCancellationRequested)
            {
                last = await ReadAsync(Math.Max(last, _listeners.Keys.Select(listener => listener.After).DefaultIfEmpty(last).Min()), stoppingToken);
            }

            last = 0;
        }
    }

    private void LetGo()
    {
        foreach (var listener in _listeners.Keys)
        {
            listener.Dispose();
        }
    }

    private async Task<ulong> ReadAsync(ulong last, CancellationToken cancellation)
    {
        try
        {
            last = await WithinAsync(last, cancellation);
            await foreach (var next in stream.ReadAsync(last + 1, cancellation))
            {
                last = next.Sequence;
                foreach (var listener in _listeners.Keys)
                {
                    listener.Offer(next);
                }

                if (_listeners.IsEmpty)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is NatsException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The client ends what it can't send with a cancellation of its own.
            LogInterrupted(logger, e.Message);
            await Task.Delay(Pause, cancellation);
        }

        return last;
    }

    // A stream that was made anew, or whose leader came back with an old copy, counts from an earlier place on.
    private async Task<ulong> WithinAsync(ulong last, CancellationToken cancellation)
    {
        var newest = await stream.LastSequenceAsync(cancellation);
        if (newest < last)
        {
            LogGoneBack(logger, last, newest);
            foreach (var listener in _listeners.Keys)
            {
                listener.GoBackTo(newest);
            }
        }

        return Math.Min(last, newest);
    }

    [LoggerMessage(1020, LogLevel.Warning, "The event feed was interrupted and goes on where it was: {Reason}")]
    private static partial void LogInterrupted(ILogger logger, string reason);

    [LoggerMessage(1062, LogLevel.Warning, "The stream of events has gone back from {Last} to {Newest}; listeners hear what comes after that")]
    private static partial void LogGoneBack(ILogger logger, ulong last, ulong newest);
}
