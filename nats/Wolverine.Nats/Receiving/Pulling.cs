using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Wolverine.Nats.Receiving;

/// <summary>Receives through one subscription until something is wrong. (ADR-37 of NATS tells how servers answer pull requests.)</summary>
/// <param name="source">Where.</param>
/// <param name="unsettled">The places for it.</param>
/// <param name="expires">When the server may give a pull request up.</param>
/// <param name="receive">What is done with a delivery.</param>
/// <param name="well">Told again and again while nothing is wrong.</param>
internal sealed class Pulling(ListenerSource source, Unsettled unsettled, TimeSpan expires, Func<INatsJSMsg<byte[]>, Task> receive, Action well)
{
    private const string LeftHeader = "Nats-Pending-Messages";
    private const int RoomForStatuses = 64;
    private static readonly TimeSpan LongestPing = PullRequests.Heartbeat * 10;

    private readonly NatsConnection _connection = source.Broker.Connection;
    private bool _isDoubted;

    /// <summary>Ends when it is told to stop, and when something is wrong. All that came until then has been received.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    /// <exception cref="NatsException">The server has given a request up, or has fallen silent.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Not one of the client's own inboxes: those are shared, and tell messages apart by their subjects.
        var inbox = source.Broker.JetStream.NewBaseInbox();
        var requests = new PullRequests(source, unsettled, inbox, expires);
        var subscription = await SubscribeAsync(inbox, requests.Window, stopping);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var sending = requests.SendAsync(ending.Token);
        try
        {
            await ReadAsync(subscription, requests, sending, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await DrainAsync(subscription, requests);
        }
    }

    // The client would keep the token for the subscription's whole life, and one that is cancelled loses what is on its way.
    private async Task<DeliverySubscription> SubscribeAsync(string inbox, int window, CancellationToken stopping)
    {
        using var starting = new CancellationTokenSource();
        await using var registration = stopping.Register(starting.Cancel);
        return await DeliverySubscription.StartAsync(_connection, inbox, window + RoomForStatuses, starting.Token);
    }

    private async Task ReadAsync(DeliverySubscription subscription, PullRequests requests, Task sending, CancellationToken ending)
    {
        Task<bool>? more = null;
        while (true)
        {
            while (!ending.IsCancellationRequested && subscription.Messages.TryRead(out var message))
            {
                await HeedAsync(message, subscription.Subject, requests);
                requests.Hear();
                _isDoubted = false;
            }

            more ??= subscription.Messages.WaitToReadAsync(CancellationToken.None).AsTask();
            if (await IsInTimeAsync(more, ending))
            {
                more = await more ? null : throw new NatsJSException("The subscription has ended.");
            }
            else
            {
                await AssertWellAsync(requests, sending, ending);
            }
        }
    }

    private static async Task<bool> IsInTimeAsync(Task more, CancellationToken ending)
    {
        try
        {
            ending.ThrowIfCancellationRequested();
            await more.WaitAsync(PullRequests.Heartbeat * 2, ending);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // The server says nothing of a request that is forbidden, or of a consumer that has no leader.
    private async Task AssertWellAsync(PullRequests requests, Task sending, CancellationToken ending)
    {
        if (sending.IsCompleted)
        {
            await sending;
        }

        if (requests.AreUnheard && !await MayComeAsync(requests, ending))
        {
            throw new NatsJSException(source.Broker.Refusals.Described ?? "The server has sent neither messages nor heartbeats.");
        }

        if (!requests.AreOpen)
        {
            well();
        }
    }

    // In a process that had no thread for a while the request, or what came for it, is still on its way: when a ping has come back, both have
    // arrived. Only who answers pings at once and says nothing more until the next look has nothing to say. An old server that is told that
    // nobody listens any more just when it gets a request can pass over a message until its lease is over.
    private async Task<bool> MayComeAsync(PullRequests requests, CancellationToken ending)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await _connection.PingAsync(ending).AsTask().WaitAsync(LongestPing, ending);
        }
        catch (TimeoutException)
        {
            return false;
        }

        var isQuick = clock.Elapsed < PullRequests.Heartbeat;
        if (_isDoubted && isQuick)
        {
            return false;
        }

        _isDoubted |= isQuick;
        requests.Hear();
        return true;
    }

    private Task HeedAsync(NatsMsg<byte[]> message, string inbox, PullRequests requests)
    {
        if (message.Subject == inbox && message.Headers is not { Code: 100 or 408 })
        {
            throw new NatsJSException($"The server has given the pull request up: {message.Headers?.Code} {message.Headers?.MessageText}");
        }

        well();
        if (message.Subject != inbox)
        {
            return requests.FulfilAsync(new NatsJSMsg<byte[]>(message, source.Broker.JetStream), receive);
        }

        if (message.Headers is { Code: 408 } expired && expired.TryGetValue(LeftHeader, out var left))
        {
            requests.GiveUp(int.Parse(left!, CultureInfo.InvariantCulture));
        }

        return Task.CompletedTask;
    }

    // What is on its way when the server is told comes before its answer.
    private async Task DrainAsync(DeliverySubscription subscription, PullRequests requests)
    {
        using var fence = new CancellationTokenSource();
        if (_connection.ConnectionState != NatsConnectionState.Open)
        {
            await fence.CancelAsync();
        }

        ExceptionDispatchInfo? fault = null;
        try
        {
            await subscription.DrainAsync(fence.Token);
            await foreach (var message in subscription.Messages.ReadAllAsync(CancellationToken.None))
            {
                try
                {
                    if (message.Subject != subscription.Subject)
                    {
                        await requests.FulfilAsync(new NatsJSMsg<byte[]>(message, source.Broker.JetStream), receive);
                    }
                }
#pragma warning disable CA1031 // Those behind it have come too, and would come again only when their leases are over.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    fault ??= ExceptionDispatchInfo.Capture(e);
                }
            }
        }
        finally
        {
            requests.GiveUp(int.MaxValue);
        }

        fault?.Throw();
    }
}
