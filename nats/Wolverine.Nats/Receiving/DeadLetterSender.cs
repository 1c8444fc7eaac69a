using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Receiving;

/// <summary>Takes dead letters from Wolverine's buffered and durable receivers, and puts each where its message came from.</summary>
internal sealed class DeadLetterSender(NatsEndpoint endpoint, IReadOnlyList<(ListenerSource Source, DeadLetterPublisher Publisher)> places) : ISender
{
    public bool SupportsNativeScheduledSend => false;

    public Uri Destination => endpoint.Uri;

    public Task<bool> PingAsync() => Task.FromResult(true);

    /// <exception cref="Sending.PublishException">The dead-letter stream did not confirm it; the receiver tries again.</exception>
    public async ValueTask SendAsync(Envelope envelope)
    {
        var (publisher, cause) = (PublisherOf(envelope), DeadLetterCause.Of(envelope));
        await publisher.StoreAsync(envelope, cause, CancellationToken.None);
        await publisher.TellAsync(envelope, cause);
    }

    // A tenant with an account of its own has its letters there. What was recovered from the inbox tells its tenant alone.
    private DeadLetterPublisher PublisherOf(Envelope envelope) => envelope is NatsEnvelope received
        ? places.First(place => place.Source.Delivered(received.Delivery)).Publisher
        : places.FirstOrDefault(place => place.Source.Tenant is { } tenant && tenant == envelope.TenantId, places[0]).Publisher;
}
