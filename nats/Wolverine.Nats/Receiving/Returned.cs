using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Messages that were acknowledged when they were in memory, and that nobody has begun to handle when their listener stops or is paused. They are put
/// at the end of their stream, as new messages: by their own ids the stream would take them for repeats.
/// </summary>
internal sealed class Returned(ListenerSource source)
{
    /// <summary>Returns when the stream has it.</summary>
    /// <exception cref="PublishException">The stream did not confirm it.</exception>
    public async ValueTask SendAsync(INatsJSMsg<byte[]> delivery)
    {
        var headers = new NatsHeaders();
        foreach (var (name, values) in delivery.Headers ?? [])
        {
            if (OutgoingHeaders.IsWritable(name) && !OutgoingHeaders.IsReserved(name))
            {
                headers[name] = HeaderValue.Copy(values.ToString());
            }
        }

        var metadata = delivery.Metadata!.Value;
        var id = string.Create(
            CultureInfo.InvariantCulture, $"returned:{metadata.Stream}:{metadata.Sequence.Stream}:{source.Consumer!.Name}:{metadata.Timestamp.UtcTicks}");
        await source.Broker.Publisher.PublishAsync(delivery.Subject, delivery.Data ?? [], headers, id, metadata.Stream, CancellationToken.None);
    }
}
