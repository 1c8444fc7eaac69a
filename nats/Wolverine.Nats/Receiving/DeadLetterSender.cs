using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Receiving;

/// <summary>Takes dead letters from Wolverine's buffered and durable receivers.</summary>
internal sealed class DeadLetterSender(NatsEndpoint endpoint, DeadLetterPublisher publisher) : ISender
{
    public bool SupportsNativeScheduledSend => false;

    public Uri Destination => endpoint.Uri;

    public Task<bool> PingAsync() => Task.FromResult(true);

    /// <exception cref="Sending.PublishException">The dead-letter stream did not confirm it; the receiver tries again.</exception>
    public async ValueTask SendAsync(Envelope envelope) =>
        await publisher.PublishAsync(envelope, DeadLetterCause.Of(envelope), CancellationToken.None);
}
