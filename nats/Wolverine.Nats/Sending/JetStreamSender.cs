using Wolverine.Nats.Mapping;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>Sends one message and returns when its stream has it. Throws when it has not, so nothing is lost unheard.</summary>
internal sealed class JetStreamSender(NatsEndpoint endpoint, NatsTransport transport) : ISender
{
    public bool SupportsNativeScheduledSend => false;

    public Uri Destination => endpoint.Uri;

    public async Task<bool> PingAsync()
    {
        await transport.Streams.AssertLeaderAsync(endpoint.StreamName!, CancellationToken.None);
        return true;
    }

    /// <exception cref="PublishException">The stream did not confirm it.</exception>
    public async ValueTask SendAsync(Envelope envelope)
    {
        await transport.Publisher.PublishAsync(
            endpoint.SubjectFor(envelope),
            envelope.Data!,
            OutgoingHeaders.Of(envelope, endpoint.Mapper),
            envelope.Id.ToString(),
            endpoint.StreamName,
            CancellationToken.None);
    }
}
