using Wolverine.Configuration;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Receiving;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Provisioning;

/// <summary>What the application needs on a server: streams, consumers, and that its answers reach it.</summary>
internal sealed class Topology(NatsTransport transport)
{
    private bool NeedsJetStream => transport.Configuration.EnableJetStream
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

        foreach (var stream in Streams())
        {
            await EstablishAsync(broker, stream, cancellation);
        }
    }

    /// <summary>Makes a stream that was deleted, when it is one of ours and we may.</summary>
    public async Task RestoreAsync(NatsBroker broker, string stream, CancellationToken cancellation)
    {
        if (Streams().FirstOrDefault(declared => declared.Name == stream) is { } declared)
        {
            await EstablishAsync(broker, declared, cancellation);
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
        await broker.Streams.ProvisionAsync(DeclarationOf(stream), cancellation);
    }

    /// <summary>Every declared stream, and the one of each listener whose stream is not declared.</summary>
    public IEnumerable<StreamDeclaration> Streams()
    {
        foreach (var stream in transport.Configuration.Streams.Values)
        {
            stream.Validate();
            yield return DeclarationOf(stream);
        }

        foreach (var endpoint in transport.JetStreamListeners())
        {
            if (!transport.Configuration.Streams.ContainsKey(StreamOf(endpoint)!))
            {
                yield return DeclarationOf(ImpliedStream(endpoint)) with { Implied = true };
            }
        }
    }

    /// <summary>Where a listener's messages come from on the shared connection: its subject, and that of every tenant.</summary>
    public IEnumerable<ListenerSource> SourcesOf(NatsEndpoint endpoint, NatsBroker broker)
    {
        yield return SourceOf(endpoint, broker, endpoint.Subject, string.Empty, SubjectResolverOf(endpoint));
        if (IsTenanted(endpoint))
        {
            var mapper = transport.TenantSubjectMapper;
            yield return SourceOf(
                endpoint,
                broker,
                mapper.GetSubscriptionPattern(endpoint.Subject),
                "-tenants",
                subject => mapper.ExtractTenantId(transport.Unqualify(subject)));
        }
    }

    /// <summary>Where a listener's messages come from on the connections of tenants that have their own.</summary>
    public IEnumerable<ListenerSource> OwnSourcesOf(NatsEndpoint endpoint) => IsTenanted(endpoint)
        ? transport.Tenants.Values.Where(tenant => tenant.Broker is not null).Select(tenant => SourceOf(
            endpoint, tenant.Broker!, MapperOf(tenant).MapSubject(endpoint.Subject, tenant.Id), string.Empty, _ => tenant.Id))
        : [];

    /// <summary>Whether an endpoint tells tenants apart.</summary>
    public bool IsTenanted(NatsEndpoint endpoint) =>
        transport.Tenants.Count > 0 && !endpoint.IsInbox && endpoint.TenancyBehavior == TenancyBehavior.TenantAware;

    /// <summary>How a tenant's subjects are made.</summary>
    public ITenantSubjectMapper MapperOf(NatsTenant tenant) => tenant.Mapper ?? transport.TenantSubjectMapper;

    /// <summary>The stream of an endpoint; null when it is left to the server.</summary>
    public string? StreamOf(NatsEndpoint endpoint) =>
        endpoint.StreamName
        ?? (endpoint.ChoosesSubjects ? null : transport.DeclaredStreamFor(endpoint.Subject)?.Name)
        ?? (endpoint is { ListensToJetStream: true, IsListener: true } ? ImpliedNameOf(endpoint.Subject) : null);

    private ListenerSource SourceOf(
        NatsEndpoint endpoint, NatsBroker broker, string subject, string suffix, Func<string, string?>? tenantOf)
    {
        var filter = transport.Qualify(subject);
        return new(broker, filter, tenantOf, endpoint.ListensToJetStream ? ConsumerOf(endpoint, filter, suffix) : null);
    }

    private Func<string, string?>? SubjectResolverOf(NatsEndpoint endpoint) =>
        transport.Configuration.SubjectResolver is { } resolver && !endpoint.IsInbox
            ? subject => resolver.ExtractTenantId(transport.Unqualify(subject))
            : null;

    private async Task RequirePermissionsAsync(NatsBroker broker, CancellationToken cancellation)
    {
        if (await UserPermissions.AskAsync(broker.Connection, cancellation) is not { } granted)
        {
            return;
        }

        var endpoints = transport.Endpoints().OfType<NatsEndpoint>().ToArray();
        var sources = endpoints.Where(endpoint => endpoint.IsListener).SelectMany(endpoint => SourcesOf(endpoint, broker)).ToArray();
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

    private ConsumerDeclaration ConsumerOf(NatsEndpoint endpoint, string filter, string suffix) => new(
        StreamOf(endpoint)!,
        (endpoint.ConsumerName ?? NameOf($"{transport.ServiceName()}-{endpoint.Subject}")) + suffix,
        filter,
        endpoint.AckWait,
        endpoint.Consumer.MaxAckPending,
        endpoint.Consumer.DeliverPolicy ?? transport.Configuration.JetStreamDefaults.DeliverPolicy);

    private StreamDeclaration DeclarationOf(StreamConfiguration stream) => new(
        stream,
        [.. stream.Subjects.Select(transport.Qualify)],
        stream.DuplicateWindow ?? transport.Configuration.JetStreamDefaults.DuplicateWindow);

    private StreamConfiguration ImpliedStream(NatsEndpoint endpoint)
    {
        var defaults = transport.Configuration.JetStreamDefaults;
        return new StreamConfiguration
        {
            Name = StreamOf(endpoint)!,
            MaxAge = defaults.MaxAge,
            MaxMessages = defaults.MaxMessages,
            MaxBytes = defaults.MaxBytes,
            Replicas = defaults.Replicas,
        }.AsWorkQueue().WithSubjects(
            IsTenanted(endpoint)
                ? [endpoint.Subject, transport.TenantSubjectMapper.GetSubscriptionPattern(endpoint.Subject)]
                : [endpoint.Subject]);
    }

    private static string ImpliedNameOf(string subject) => NameOf(subject.Replace('.', '_')).ToUpperInvariant();

    // Names of streams and consumers have no dots, wildcards or spaces (ADR-6 of NATS).
    private static string NameOf(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
}
