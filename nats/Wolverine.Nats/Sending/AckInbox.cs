using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using NATS.Client.Core;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Hears the acks of all publishes over one connection. The last two tokens of an ack's subject say which publish of which
/// batch it is for. The client's own requests make a task, a timer and several state machines for each message.
/// </summary>
internal sealed class AckInbox(NatsConnection connection) : IAsyncDisposable
{
    // Room for all that can be under way; else the client waits, it does not drop.
    private static readonly NatsSubOpts Options = new()
    {
        ChannelOpts = new NatsSubChannelOpts { Capacity = 16_384, FullMode = BoundedChannelFullMode.Wait },
    };

    private readonly ConcurrentDictionary<long, AckBatch> _open = new();
    // Beside the connection's own inbox, whose subjects the client looks up one by one.
    private readonly string _prefix = $"{connection.Opts.InboxPrefix}.{Nuid.NewNuid()}.";
    private readonly SemaphoreSlim _starting = new(1, 1);
    private INatsSub<PublishAck>? _subscription;
    private Task _listening = Task.CompletedTask;
    private long _last;

    /// <summary>Opens a batch, to be disposed of when its acks are no longer waited for.</summary>
    public async ValueTask<AckBatch> OpenAsync(int count, CancellationToken cancellation)
    {
        if (_subscription is null)
        {
            await SubscribeAsync(cancellation);
        }

        var batch = new AckBatch(this, Interlocked.Increment(ref _last), count);
        _open[batch.Id] = batch;
        return batch;
    }

    public string SubjectOf(long batch, int number) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{batch}.{number}");

    public void Close(AckBatch batch) => _open.TryRemove(batch.Id, out _);

    public async ValueTask DisposeAsync()
    {
        if (_subscription is { } subscription)
        {
            await subscription.DisposeAsync();
            await _listening;
        }

        _starting.Dispose();
    }

    private async Task SubscribeAsync(CancellationToken cancellation)
    {
        await _starting.WaitAsync(cancellation);
        try
        {
            if (_subscription is null)
            {
                var subscription = await connection.SubscribeCoreAsync(
                    $"{_prefix}*.*", serializer: PublishAck.Reader.Instance, opts: Options, cancellationToken: cancellation);
                _listening = Task.Run(() => ListenAsync(subscription), CancellationToken.None);
                _subscription = subscription;
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task ListenAsync(INatsSub<PublishAck> subscription)
    {
        await foreach (var message in subscription.Msgs.ReadAllAsync())
        {
            var place = message.Subject.AsSpan(_prefix.Length);
            var dot = place.IndexOf('.');
            if (long.TryParse(place[..dot], CultureInfo.InvariantCulture, out var id)
                && int.TryParse(place[(dot + 1)..], CultureInfo.InvariantCulture, out var number)
                && _open.TryGetValue(id, out var batch))
            {
                batch.Set(number, message.HasNoResponders ? new PublishAck(PublishAck.Answer.NoResponders) : message.Data);
            }
        }
    }
}
