using System.Buffers;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Contracts;

namespace Tickets.Api.Events;

/// <summary>A message as it stands in a stream.</summary>
/// <param name="Sequence">Its place there.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Time">When it was stored.</param>
/// <param name="Headers">Its headers; null for none.</param>
/// <param name="Body">Its body.</param>
internal sealed record StreamMessage(ulong Sequence, string Subject, DateTimeOffset Time, NatsHeaders? Headers, byte[] Body)
{
    private const int NoMessageFound = 10037;

    /// <summary>Its <c>Nats-Msg-Id</c>; null when it has none.</summary>
    public string? MessageId => Headers is not null && Headers.TryGetValue(CommandHeaders.MessageId, out var ids) && ids.Count > 0 ? ids[0] : null;

    /// <summary>The one that is asked for; null when there is none.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public static async Task<StreamMessage?> FindAsync(
        INatsJSStream stream, StreamMsgGetRequest request, INatsConnection connection, CancellationToken cancellation)
    {
        try
        {
            var stored = (await stream.GetAsync(request, cancellation)).Message;
            ReadOnlySequence<byte>? headers = stored.Hdrs is null ? null : new ReadOnlySequence<byte>(Convert.FromBase64String(stored.Hdrs));
            var message = NatsMsg<byte[]>.Build(
                stored.Subject, null, headers, ReadOnlySequence<byte>.Empty, connection, connection.HeaderParser, NatsDefaultSerializer<byte[]>.Default);
            return new StreamMessage(stored.Seq, stored.Subject, stored.Time, message.Headers, stored.Data.ToArray());
        }
        catch (NatsJSApiException fault) when (fault.Error.ErrCode == NoMessageFound)
        {
            return null;
        }
    }
}
