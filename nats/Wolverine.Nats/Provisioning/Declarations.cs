using Wolverine.Configuration;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Receiving;

namespace Wolverine.Nats.Provisioning;

/// <summary>What the application declares, made complete: streams, consumers, and where each listener's messages come from.</summary>
internal sealed class Declarations(NatsTransport transport)
{
    /// <summary>Every declared stream, and those that are not and listeners name: each with the subjects of all of them.</summary>
    public IEnumerable<StreamDeclaration> Streams()
    {
        foreach (var stream in transport.Configuration.Streams.Values)
        {
            stream.Validate();
            yield return DeclarationOf(stream);
        }

        foreach (var listeners in transport.JetStreamListeners().ToLookup(endpoint => StreamOf(endpoint)!, StringComparer.Ordinal))
        {
            if (!transport.Configuration.Streams.ContainsKey(listeners.Key))
            {
                yield return DeclarationOf(ImpliedStream(listeners.Key, listeners)) with { Implied = true };
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
        ? transport.Tenants.Values.Where(tenant => tenant.Broker is not null).Select(tenant => OwnSourceOf(endpoint, tenant))
        : [];

    /// <summary>An endpoint's subject for a tenant, as the server sees it.</summary>
    public string SubjectOf(NatsEndpoint endpoint, string? tenantId) => transport.Qualify(
        IsTenanted(endpoint) && tenantId is not null && transport.Tenants.TryGetValue(tenantId, out var tenant)
            ? MapperOf(tenant).MapSubject(endpoint.Subject, tenant.Id)
            : endpoint.Subject);

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

    /// <summary>Where the dead letters of one of a listener's sources go, as the server sees it; null when they do not go to a subject.</summary>
    /// <param name="endpoint">The listener.</param>
    /// <param name="filter">The source's subjects, as the server sees them.</param>
    public DeadLetterConfiguration? DeadLettersOf(NatsEndpoint endpoint, string filter)
    {
        if (!endpoint.HasDeadLetterSubject)
        {
            return null;
        }

        var target = endpoint.DeadLetters ?? new DeadLetterConfiguration((subject, _) => $"dlq.{subject}", $"dlq.{transport.Unqualify(filter)}");
        return new(
            (subject, tenant) => transport.Qualify(target.SubjectOf(transport.Unqualify(subject), tenant)),
            target.Filter is { } covering ? transport.Qualify(covering) : null);
    }

    /// <summary>A stream with the transport's defaults and prefix.</summary>
    public StreamDeclaration DeclarationOf(StreamConfiguration stream) => new(
        stream,
        [.. stream.Subjects.Select(transport.Qualify)],
        stream.DuplicateWindow ?? transport.Configuration.JetStreamDefaults.DuplicateWindow);

    private ListenerSource OwnSourceOf(NatsEndpoint endpoint, NatsTenant tenant)
    {
        var subject = MapperOf(tenant).MapSubject(endpoint.Subject, tenant.Id);
        return SourceOf(endpoint, tenant.Broker!, subject, string.Empty, _ => tenant.Id) with { Tenant = tenant.Id };
    }

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

    private ConsumerDeclaration ConsumerOf(NatsEndpoint endpoint, string filter, string suffix) => new(
        StreamOf(endpoint)!,
        (endpoint.ConsumerName ?? NameOf($"{transport.ServiceName()}-{endpoint.Subject}")) + suffix,
        filter,
        endpoint.AckWait,
        endpoint.Consumer.MaxAckPending,
        endpoint.Consumer.DeliverPolicy ?? transport.Configuration.JetStreamDefaults.DeliverPolicy)
    {
        Batch = endpoint.Mode == EndpointMode.Inline ? 1 : endpoint.Consumer.Prefetch,
    };

    private StreamConfiguration ImpliedStream(string name, IEnumerable<NatsEndpoint> listeners)
    {
        var defaults = transport.Configuration.JetStreamDefaults;
        var subjects = listeners.SelectMany(SubjectsOf).Distinct(StringComparer.Ordinal).ToArray();
        return new StreamConfiguration
        {
            Name = name,
            MaxAge = defaults.MaxAge,
            MaxMessages = defaults.MaxMessages,
            MaxBytes = defaults.MaxBytes,
            Replicas = defaults.Replicas,
        }.AsWorkQueue().WithSubjects(
            [.. subjects.Where(subject => !subjects.Any(other => other != subject && NatsSubject.Covers(other, subject)))]);
    }

    private IEnumerable<string> SubjectsOf(NatsEndpoint endpoint) => IsTenanted(endpoint)
        ? [endpoint.Subject, transport.TenantSubjectMapper.GetSubscriptionPattern(endpoint.Subject)]
        : [endpoint.Subject];

    private static string ImpliedNameOf(string subject) => NameOf(subject.Replace('.', '_')).ToUpperInvariant();

    // Names of streams and consumers have no dots, wildcards or spaces (ADR-6 of NATS).
    private static string NameOf(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
}
