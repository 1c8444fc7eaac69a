using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Provisioning;

/// <summary>Sees to it that a stream keeps the dead letters of a consumer, on the server that the consumer is on.</summary>
internal sealed class DeadLetterStreams(NatsTransport transport, NatsBroker broker, ConsumerDeclaration consumer)
{
    /// <summary>
    /// Makes sure that a stream keeps what is published to a dead-letter subject, at start and when nothing has taken a dead letter: the
    /// stream may have been deleted.
    /// </summary>
    /// <param name="subject">The subject, as the server sees it; wildcards allowed.</param>
    /// <param name="filter">What the stream captures that is made when no declared one captures the subject; null when none may be.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="TopologyDeclarationException">None does, and none may be made.</exception>
    public async Task EnsureCapturedAsync(string subject, string? filter, CancellationToken cancellation)
    {
        if (await broker.Streams.CapturingAsync(subject, cancellation) is not null)
        {
            return;
        }

        var meant = transport.DeclaredStreamFor(transport.Unqualify(subject));
        if (!transport.Provisions || (meant is null && filter is null))
        {
            throw new TopologyDeclarationException($"No stream captures the dead-letter subject '{subject}'. " + (meant is null
                ? "Make one, or call AutoProvision()."
                : $"Make '{meant.Name}' with 'resources setup' and a login that may, or call AutoProvision()."));
        }

        var stream = meant is null ? await OwnAsync(filter!, cancellation) : transport.Declarations.DeclarationOf(meant);
        await broker.Streams.ProvisionAsync(stream, cancellation);
    }

    // A letter is worth as much as its message, so it has as many copies.
    private async Task<StreamDeclaration> OwnAsync(string filter, CancellationToken cancellation)
    {
        var source = await broker.JetStream.GetStreamAsync(consumer.Stream, cancellationToken: cancellation);
        var own = new StreamConfiguration { Name = $"{consumer.Stream}_DLQ", Replicas = source.Info.Config.NumReplicas };
        return transport.Declarations.DeclarationOf(own) with { Subjects = [filter], Implied = true, Grows = true };
    }
}
