using System.Diagnostics;
using System.Globalization;
using NATS.Client.JetStream;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Asks for deliveries, each for a place that was taken before: what had to wait in the client for one would lose its lease there.
/// </summary>
/// <param name="source">Where.</param>
/// <param name="unsettled">The places.</param>
/// <param name="inbox">Where they come to.</param>
/// <param name="expires">When the server may give a request up.</param>
internal sealed class PullRequests(ListenerSource source, Unsettled unsettled, string inbox, TimeSpan expires)
{
    /// <summary>How often the server says that it has a request, while it has nothing to deliver.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private readonly string _subject = $"{source.Broker.JetStream.Opts.Prefix}.CONSUMER.MSG.NEXT.{source.Consumer!.Stream}.{source.Consumer.Name}";
    private readonly SemaphoreSlim _low = new(0);
    private int _expected;
    private int _open;
    private long _heard;

    /// <summary>How many are asked for ahead. With one, the next is asked for when the one before has been handled.</summary>
    public int Window { get; } = source.Consumer!.Batch;

    /// <summary>Whether the server should have sent something by now. Without a request it has nothing to say.</summary>
    public bool AreUnheard => AreOpen && Stopwatch.GetElapsedTime(Volatile.Read(ref _heard)) >= Heartbeat * 2;

    /// <summary>Whether deliveries may come.</summary>
    public bool AreOpen => Volatile.Read(ref _expected) > 0;

    /// <summary>Asks again and again, as soon as half of what was asked for has been received and places are free.</summary>
    public async Task SendAsync(CancellationToken ending)
    {
        while (true)
        {
            while (Volatile.Read(ref _open) > Window / 2)
            {
                await _low.WaitAsync(ending);
            }

            var places = await unsettled.TakeAsync(Window - Volatile.Read(ref _open), ending);
            Interlocked.Add(ref _open, places);
            Interlocked.Add(ref _expected, places);
            Hear();
            await source.Broker.Connection.PublishAsync(_subject, RequestOf(places), replyTo: inbox, cancellationToken: ending);
        }
    }

    /// <summary>The server has said something.</summary>
    public void Hear() => Volatile.Write(ref _heard, Stopwatch.GetTimestamp());

    /// <summary>Receives a delivery, to which its place belongs from then on.</summary>
    public async Task FulfilAsync(INatsJSMsg<byte[]> delivery, Func<INatsJSMsg<byte[]>, Task> receive)
    {
        Interlocked.Decrement(ref _expected);
        try
        {
            await receive(delivery);
        }
        finally
        {
            Close(1);
        }
    }

    /// <summary>So many deliveries, at most, will not come.</summary>
    public void GiveUp(int deliveries)
    {
        var places = Math.Min(deliveries, Volatile.Read(ref _expected));
        Interlocked.Add(ref _expected, -places);
        unsettled.Release(places);
        Close(places);
    }

    private void Close(int places)
    {
        if (Interlocked.Add(ref _open, -places) <= Window / 2 && _low.CurrentCount == 0)
        {
            _low.Release();
        }
    }

    private string RequestOf(int places) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"batch":{{places}},"expires":{{expires.Ticks * 100}},"idle_heartbeat":{{Heartbeat.Ticks * 100}}}""");
}
