using NATS.Client.Core;
using Wolverine.Nats.Mapping;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>Sends by core NATS: at most once, meant for answers that somebody waits for.</summary>
internal sealed class CoreNatsSender(NatsEndpoint endpoint, NatsConnection connection) : ISender
{
    public bool SupportsNativeScheduledSend => false;

    public Uri Destination => endpoint.Uri;

    public async Task<bool> PingAsync()
    {
        await connection.PingAsync();
        return true;
    }

    public ValueTask SendAsync(Envelope envelope)
    {
        return connection.PublishAsync(
            endpoint.SubjectFor(envelope), envelope.Data, OutgoingHeaders.Of(envelope, endpoint.Mapper));
    }
}
