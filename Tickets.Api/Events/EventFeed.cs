using System.Collections.Immutable;
using NATS.Client.Core;

namespace Tickets.Api.Events;

/// <summary>
/// One reading of the event stream for all who listen in this process. It reads only while somebody does, and goes on
/// where it was when the server comes back.
/// </summary>
public sealed partial class EventFeed(EventStream stream, IHostApplicationLifetime lifetime, ILogger<EventFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wanted = new(0);
    private DateTimeOffset _made;

    // Those of each tenant.
    private ImmutableDictionary<string, ImmutableArray<FeedListener>> _listeners = ImmutableDictionary<string, ImmutableArray<FeedListener>>.Empty;

    private IEnumerable<FeedListener> Everyone => _listeners.Values.SelectMany(ofTenant => ofTenant);

    /// <summary>Begins to collect a tenant's events.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="now">The stream as it is; events after its end are collected.</param>
    /// <returns>Ends with its disposal.</returns>
    public FeedListener Listen(string tenant, StreamEnds now)
    {
        var listener = new FeedListener(tenant, now, LetGo);
        ImmutableInterlocked.AddOrUpdate(ref _listeners, tenant, [listener], (_, others) => others.Add(listener));
        _wanted.Release();
        return listener;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ulong last = 0;

        // Before HTTP stops, which waits for requests to end: those would never.
        await using var ends = lifetime.ApplicationStopping.UnsafeRegister(static feed => ((EventFeed)feed!).LetAllGo(), this);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.WaitAsync(stoppingToken);
            while (!_listeners.IsEmpty && !stoppingToken.IsCancellationRequested)
            {
                last = await ReadAsync(Math.Max(last, Everyone.Select(listener => listener.After).DefaultIfEmpty(last).Min()), stoppingToken);
            }

            last = 0;
        }
    }

    private void LetGo(FeedListener ended) => ImmutableInterlocked.Update(
        ref _listeners,
        static (all, ended) => !all.TryGetValue(ended.Tenant, out var ofTenant) ? all
            : ofTenant.Remove(ended) is { IsEmpty: false } left ? all.SetItem(ended.Tenant, left)
            : all.Remove(ended.Tenant),
        ended);

    private void LetAllGo()
    {
        foreach (var listener in Everyone)
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
                foreach (var listener in _listeners.GetValueOrDefault(next.Tenant, []))
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
        var now = await stream.EndsAsync(cancellation);
        var goesOnAfter = now.Made == _made || _made == default ? Math.Min(last, now.Last) : 0;
        _made = now.Made;
        if (goesOnAfter < last)
        {
            LogGoneBack(logger, last, goesOnAfter);
            foreach (var listener in Everyone)
            {
                listener.GoBackTo(now);
            }
        }

        return goesOnAfter;
    }

    [LoggerMessage(1020, LogLevel.Warning, "The event feed was interrupted and goes on where it was: {Reason}")]
    private static partial void LogInterrupted(ILogger logger, string reason);

    [LoggerMessage(1062, LogLevel.Warning, "The stream of events has gone back from {Last} to {After}; listeners hear what comes after that")]
    private static partial void LogGoneBack(ILogger logger, ulong last, ulong after);
}
