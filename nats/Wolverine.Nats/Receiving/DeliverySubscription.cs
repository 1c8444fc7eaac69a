using System.Buffers;
using System.Threading.Channels;
using NATS.Client.Core;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// The client's subscription leaves out the body of a message when it can't read the headers. This one keeps it, and those headers that
/// can be read: else the copy of a delivery would be empty when the delivery itself is removed.
/// </summary>
/// <remarks>The client knows it by a weak reference only: whoever reads from it must hold it.</remarks>
internal sealed class DeliverySubscription : NatsSubBase
{
    private readonly Channel<NatsMsg<byte[]>> _messages;

    private DeliverySubscription(NatsConnection connection, string subject, NatsSubOpts options, CancellationToken cancellation)
        : base(connection, connection.SubscriptionManager, subject, queueGroup: null, options, cancellation) =>
        _messages = Channel.CreateBounded<NatsMsg<byte[]>>(
            connection.GetBoundedChannelOpts(options.ChannelOpts),
            dropped => connection.OnMessageDropped(this, _messages!.Reader.Count, dropped));

    /// <summary>What has come. One whose headers could not be read has an <see cref="NatsMsg{T}.Error"/>.</summary>
    public ChannelReader<NatsMsg<byte[]>> Messages => _messages.Reader;

    /// <summary>Begins to receive.</summary>
    /// <param name="connection">Over which.</param>
    /// <param name="subject">On which subject: none of the client's own inboxes.</param>
    /// <param name="capacity">How many may wait to be read.</param>
    /// <param name="cancellation">Ends it, for as long as it lives.</param>
    public static async Task<DeliverySubscription> StartAsync(NatsConnection connection, string subject, int capacity, CancellationToken cancellation)
    {
        var options = new NatsSubOpts { ChannelOpts = new NatsSubChannelOpts { Capacity = capacity } };
        var subscription = new DeliverySubscription(connection, subject, options, cancellation);
        await connection.AddSubAsync(subscription, cancellation);
        return subscription;
    }

    protected override async ValueTask ReceiveInternalAsync(
        string subject, string? replyTo, ReadOnlySequence<byte>? headersBuffer, ReadOnlySequence<byte> payloadBuffer)
    {
        await _messages.Writer.WriteAsync(Read(subject, replyTo, headersBuffer, payloadBuffer)).ConfigureAwait(false);
        ResetSlowConsumer(_messages.Reader.Count);
    }

    protected override void TryComplete() => _messages.Writer.TryComplete();

    private NatsMsg<byte[]> Read(string subject, string? replyTo, ReadOnlySequence<byte>? headersBuffer, ReadOnlySequence<byte> body)
    {
        var parser = Connection.HeaderParser;
        var headers = headersBuffer is null ? null : new NatsHeaders(parser.CaseSensitiveHeaders);
        try
        {
            if (headersBuffer is not null)
            {
                _ = parser.ParseHeaders(new SequenceReader<byte>(headersBuffer.Value), headers!);
            }
        }
#pragma warning disable CA1031 // The client takes whatever the parser throws for headers that can't be read.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Only the client itself can say in a message that its headers could not be read.
            var refused = NatsMsg<byte[]>.Build(
                subject, replyTo, headersBuffer, body, Connection, parser, NatsDefaultSerializer<byte[]>.Default);
            RefusedHeaders.ReadInto(refused.Headers!, headersBuffer!.Value.ToArray(), parser);
            return refused with { Data = body.ToArray() };
        }

        var size = subject.Length + (replyTo?.Length ?? 0) + (headersBuffer?.Length ?? 0) + body.Length;
        return new NatsMsg<byte[]>(subject, replyTo, (int)size, headers, body.ToArray(), Connection);
    }
}
