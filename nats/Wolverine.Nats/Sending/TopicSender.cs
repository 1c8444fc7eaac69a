using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>Sends to subjects that are computed for each message: through JetStream where a declared stream captures them.</summary>
internal sealed class TopicSender(NatsEndpoint endpoint, SubjectRoute route, ISender jetStream, ISender core) : ISender
{
    public bool SupportsNativeScheduledSend => false;

    public Uri Destination => endpoint.Uri;

    public Task<bool> PingAsync() => core.PingAsync();

    public ValueTask SendAsync(Envelope envelope)
    {
        var subject = endpoint.Transport.Unqualify(route.Of(envelope));
        return (endpoint.Transport.DeclaredStreamFor(subject) is null ? core : jetStream).SendAsync(envelope);
    }
}
