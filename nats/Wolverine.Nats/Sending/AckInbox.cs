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
    private readonly Lock _gate = new();
    private Task<Task>? _listening;
    private INatsSub<PublishAck>? _subscription;
    private long _last;

    /// <summary>Opens a batch, to be disposed of when its acks are no longer waited for.</summary>
    public async ValueTask<AckBatch> OpenAsync(int count, CancellationToken cancellation)
    {
        var listening = Listening();
        if (!listening.IsCompletedSuccessfully)
        {
            await listening.WaitAsync(cancellation);
        }

        var batch = new AckBatch(this, Interlocked.Increment(ref _last), count);
        _open[batch.Id] = batch;
        return batch;
    }

    public string SubjectOf(long batch, int number) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{batch}.{number}");

    public void Close(AckBatch batch) => _open.TryRemove(batch.Id, out _);

    public async ValueTask DisposeAsync()
    {
        if (_subscription is { } subscription && _listening is { } listening)
        {
            await subscription.DisposeAsync();
            await await listening;
        }
    }

    // One for all: who has no time left waits no longer for it, and the others do.
    private Task<Task> Listening()
    {
        lock (_gate)
        {
            return _listening is null or { IsFaulted: true } or { IsCanceled: true } ? _listening = Task.Run(SubscribeAsync) : _listening;
        }
    }

    // Without a caller's token: the client would end the subscription with it, and others wait for their acks here.
    private async Task<Task> SubscribeAsync()
    {
        var subscription = await connection.SubscribeCoreAsync(
            $"{_prefix}*.*", serializer: PublishAck.Reader.Instance, opts: Options, cancellationToken: CancellationToken.None);
        _subscription = subscription;
        return ListenAsync(subscription);
    }

    private async Task ListenAsync(INatsSub<PublishAck> subscription)
    {
        try
        {
            await foreach (var message in subscription.Msgs.ReadAllAsync())
            {
                Hear(message);
            }
        }
        finally
        {
            // Whatever has ended it, who publishes next subscribes again.
            lock (_gate)
            {
                _listening = null;
            }
        }
    }

    private void Hear(NatsMsg<PublishAck> message)
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
