using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Provisioning;

/// <summary>What the application needs on a server: streams, consumers, and that its answers reach it.</summary>
internal sealed class Topology(NatsTransport transport, Declarations declared)
{
    public bool NeedsJetStream => transport.Configuration.EnableJetStream
        && (transport.Configuration.Streams.Count > 0 || transport.JetStreamListeners().Any());

    /// <summary>Connects, checks the server and makes or checks the streams.</summary>
    /// <exception cref="BrokerUnusableException">The server can't do what is needed.</exception>
    /// <exception cref="TopologyMismatchException">A stream is not as declared.</exception>
    public async Task EstablishAsync(NatsBroker broker, CancellationToken cancellation)
    {
        await broker.ConnectAsync(NeedsJetStream);
        await RequirePermissionsAsync(broker, cancellation);
        if (!NeedsJetStream)
        {
            return;
        }

        var captured = await broker.Streams.CapturingAsync(transport.ReplySubject!, cancellation);
        if (captured is not null)
        {
            throw new TopologyMismatchException(
                captured, [$"it captures the reply subject '{transport.ReplySubject}', so its acks would be taken for answers"]);
        }

        foreach (var stream in declared.Streams())
        {
            await EstablishAsync(broker, stream, cancellation);
        }
    }

    /// <summary>Makes a stream that was deleted, when it is one of ours and we may.</summary>
    public async Task RestoreAsync(NatsBroker broker, string stream, CancellationToken cancellation)
    {
        if (declared.Streams().FirstOrDefault(candidate => candidate.Name == stream) is { } found)
        {
            await EstablishAsync(broker, found, cancellation);
        }
    }

    /// <summary>Makes sure that a stream keeps what is published to a dead-letter subject.</summary>
    /// <exception cref="TopologyDeclarationException">None does, and none may be made.</exception>
    public async Task EnsureCapturedAsync(NatsBroker broker, string filter, string listenerStream, CancellationToken cancellation)
    {
        if (await broker.Streams.CapturingAsync(filter, cancellation) is not null)
        {
            return;
        }

        if (!transport.Provisions)
        {
            throw new TopologyDeclarationException(
                $"No stream captures the dead-letter subject '{filter}'. Make one, or call AutoProvision().");
        }

        var stream = new StreamConfiguration { Name = $"{listenerStream}_DLQ" }.WithSubjects(filter);
        await broker.Streams.ProvisionAsync(declared.DeclarationOf(stream), cancellation);
    }

    private async Task RequirePermissionsAsync(NatsBroker broker, CancellationToken cancellation)
    {
        if (await UserPermissions.AskAsync(broker.Connection, cancellation) is not { } granted)
        {
            return;
        }

        var endpoints = transport.Endpoints().OfType<NatsEndpoint>().ToArray();
        var sources = endpoints.Where(endpoint => endpoint.IsListener).SelectMany(endpoint => declared.SourcesOf(endpoint, broker)).ToArray();
        var senders = endpoints.Where(endpoint => endpoint.Subscriptions.Count > 0).Select(endpoint => new SubjectRoute(endpoint).Fixed);
        var consumers = sources.Select(source => source.Consumer).OfType<ConsumerDeclaration>();
        var missing = granted.Missing(
            senders.OfType<string>().Concat(consumers.SelectMany(consumer => consumer.SubjectsUsed(broker.JetStream.Opts.Prefix))),
            sources.Where(source => source.Consumer is null).Select(source => source.Filter)).ToArray();
        if (missing.Length > 0)
        {
            throw new BrokerUnusableException($"The server forbids this user to {string.Join(", ", missing)}. Give it these permissions.");
        }
    }

    private async Task EstablishAsync(NatsBroker broker, StreamDeclaration stream, CancellationToken cancellation)
    {
        if (transport.Provisions)
        {
            await broker.Streams.ProvisionAsync(stream, cancellation);
        }
        else if (await broker.Streams.DifferencesAsync(stream, cancellation) is { Count: > 0 } differences)
        {
            throw new TopologyMismatchException(stream.Name, differences);
        }
    }
}
