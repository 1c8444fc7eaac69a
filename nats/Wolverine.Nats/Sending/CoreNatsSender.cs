using Wolverine.Nats.Connection;
using Wolverine.Nats.Mapping;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>Sends by core NATS: at most once, to whoever listens now.</summary>
internal sealed class CoreNatsSender(NatsEndpoint endpoint, NatsBroker broker, SubjectRoute route) : ISender, IReportConnectionState
{
    public bool SupportsNativeScheduledSend => false;

    public Uri Destination => endpoint.Uri;

    public TransportConnectionState ConnectionState => broker.ConnectionState;

    public async Task<bool> PingAsync()
    {
        await broker.Connection.PingAsync();
        return true;
    }

    public ValueTask SendAsync(Envelope envelope) =>
        broker.Connection.PublishAsync(route.Of(envelope), envelope.Data, OutgoingHeaders.Of(endpoint, envelope));
}
