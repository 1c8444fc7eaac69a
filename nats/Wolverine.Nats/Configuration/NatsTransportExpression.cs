using Wolverine.Nats.Connection;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Configuration;

/// <summary>Continues the configuration of a NATS broker.</summary>
public sealed class NatsTransportExpression : BrokerExpression<
    NatsTransport, NatsEndpoint, NatsEndpoint, NatsListenerConfiguration, NatsSubscriberConfiguration, NatsTransportExpression>
{
    internal NatsTransportExpression(NatsTransport transport, WolverineOptions options)
        : base(transport, options)
    {
    }

    private NatsTransportConfiguration Settings => Transport.Configuration;

    /// <summary>Logs in with user name and password.</summary>
    public NatsTransportExpression WithCredentials(string username, string password) =>
        Set(settings => (settings.Username, settings.Password) = (username, password));

    /// <summary>Logs in with a token.</summary>
    public NatsTransportExpression WithToken(string token) => Set(settings => settings.Token = token);

    /// <summary>Logs in with an NKey.</summary>
    /// <param name="nkeyFile">A file with its seed.</param>
    public NatsTransportExpression WithNKey(string nkeyFile) => Set(settings => settings.NKeyFile = nkeyFile);

    /// <summary>Logs in with a JWT.</summary>
    /// <param name="credentialsFile">A <c>.creds</c> file: JWT and seed.</param>
    public NatsTransportExpression WithCredentialsFile(string credentialsFile) =>
        Set(settings => settings.CredentialsFile = credentialsFile);

    /// <summary>Refuses to talk to a server without TLS.</summary>
    /// <param name="insecureSkipVerify">Accepts any certificate; for development only.</param>
    public NatsTransportExpression UseTls(bool insecureSkipVerify = false) =>
        Set(settings => (settings.EnableTls, settings.TlsInsecure) = (true, insecureSkipVerify));

    /// <summary>Sets how long to wait for a connection, and for an answer.</summary>
    public NatsTransportExpression ConfigureTimeouts(TimeSpan connectTimeout, TimeSpan requestTimeout) =>
        Set(settings => (settings.ConnectTimeout, settings.RequestTimeout) = (connectTimeout, requestTimeout));

    /// <summary>Sets what consumers and implied streams are like.</summary>
    public NatsTransportExpression UseJetStream(Action<JetStreamDefaults>? configure = null) => Set(settings =>
    {
        settings.EnableJetStream = true;
        configure?.Invoke(settings.JetStreamDefaults);
    });

    /// <summary>Talks to the JetStream of a domain, for leaf nodes.</summary>
    public NatsTransportExpression UseJetStreamDomain(string domain) => Set(settings => settings.JetStreamDomain = domain);

    /// <summary>
    /// Chooses the <c>Nats-Msg-Id</c> by which a stream recognises repeats. An explicit header of that name on the
    /// envelope wins; null or empty means the envelope's id.
    /// </summary>
    /// <param name="msgIdSource">The same on every retry of an envelope.</param>
    public NatsTransportExpression DeduplicateUsing(Func<Envelope, string> msgIdSource) =>
        Set(settings => settings.MsgIdSource = msgIdSource);

    /// <summary>
    /// Puts a prefix before every subject, so that environments can share a server. Streams and consumers get none, as with WolverineFx.Nats:
    /// environments that name the same stream share it, and those that name the same consumer take it from each other, since each gives it
    /// the filter with its own prefix. Give each environment names of its own, or better an account of its own.
    /// </summary>
    /// <param name="prefix">One token or more, for instance <c>dev</c>.</param>
    public NatsTransportExpression WithSubjectPrefix(string prefix) => PrefixIdentifiers(NatsSubject.Publishable(prefix));

    /// <summary>Declares a stream.</summary>
    /// <exception cref="TopologyDeclarationException">It would lose messages or capture nothing.</exception>
    public NatsTransportExpression DefineStream(string streamName, Action<StreamConfiguration> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(streamName);
        ArgumentNullException.ThrowIfNull(configure);
        var stream = new StreamConfiguration { Name = streamName };
        configure(stream);
        stream.Validate();
        return Set(settings =>
        {
            settings.EnableJetStream = true;
            settings.Streams[streamName] = stream;
        });
    }

    /// <summary>Declares a stream that keeps each message until one consumer has finished it.</summary>
    public NatsTransportExpression DefineWorkQueueStream(string streamName, params string[] subjects) =>
        DefineWorkQueueStream(streamName, configure: null, subjects);

    /// <summary>Declares a stream that keeps each message until one consumer has finished it.</summary>
    public NatsTransportExpression DefineWorkQueueStream(
        string streamName, Action<StreamConfiguration>? configure, params string[] subjects) => DefineStream(streamName, stream =>
        {
            stream.AsWorkQueue().WithSubjects(subjects);
            configure?.Invoke(stream);
        });

    /// <summary>Declares a stream that keeps messages for a time.</summary>
    public NatsTransportExpression DefineLogStream(string streamName, TimeSpan retention, params string[] subjects) =>
        DefineStream(streamName, stream => stream.WithSubjects(subjects).WithLimits(maxAge: retention));

    /// <summary>Declares a stream with several copies in the cluster.</summary>
    public NatsTransportExpression DefineReplicatedStream(string streamName, int replicas, params string[] subjects) =>
        DefineStream(streamName, stream => stream.WithSubjects(subjects).WithReplicas(replicas));

    /// <summary>
    /// Names subjects on which the application answers requests by itself, over core NATS. The start ends when a stream captures one:
    /// whoever asks would take the stream's ack for the answer.
    /// </summary>
    /// <param name="subjects">As the server sees them; wildcards allowed.</param>
    public NatsTransportExpression AnswersRequestsOn(params string[] subjects) =>
        Set(settings => settings.RequestSubjects.AddRange(subjects.Select(NatsSubject.Filter)));

    /// <summary>
    /// Names subjects that the application publishes to and no endpoint says so, such as those that are chosen for each message. An inspection
    /// looks whether the user may.
    /// </summary>
    /// <param name="subjects">As the server sees them; wildcards allowed.</param>
    public NatsTransportExpression AlsoPublishesTo(params string[] subjects) =>
        Set(settings => settings.PublishedSubjects.AddRange(subjects.Select(NatsSubject.Filter)));

    /// <summary>Says what becomes of messages without a tenant. Default: they go to the plain subject.</summary>
    public NatsTransportExpression ConfigureMultiTenancy(TenantedIdBehavior behavior = TenantedIdBehavior.FallbackToDefault)
    {
        Transport.TenantedIdBehavior = behavior;
        return this;
    }

    /// <summary>Shapes the subjects of tenants in another way than <c>{tenant}.{subject}</c>.</summary>
    public NatsTransportExpression UseTenantSubjectMapper(ITenantSubjectMapper mapper)
    {
        ArgumentNullException.ThrowIfNull(mapper);
        Transport.TenantSubjectMapper = mapper;
        return this;
    }

    /// <summary>A tenant on the shared connection, told apart by its subjects.</summary>
    /// <exception cref="InvalidSubjectException">The tenant can't be a token of a subject.</exception>
    public NatsTransportExpression AddTenant(string tenantId) => Add(new NatsTenant(tenantId, mapper: null, own: null));

    /// <summary>As <see cref="AddTenant(string)"/>, with subjects of its own making.</summary>
    public NatsTransportExpression AddTenant(string tenantId, ITenantSubjectMapper mapper) =>
        Add(new NatsTenant(tenantId, mapper, own: null));

    /// <summary>A tenant on a server or account of its own.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="configureConnection">Changes a copy of the settings made so far.</param>
    public NatsTransportExpression AddTenant(string tenantId, Action<NatsTransportConfiguration> configureConnection) =>
        AddTenant(tenantId, mapper: null, configureConnection);

    /// <summary>A tenant on a server or account of its own, with subjects of its own making.</summary>
    public NatsTransportExpression AddTenant(
        string tenantId, ITenantSubjectMapper? mapper, Action<NatsTransportConfiguration> configureConnection)
    {
        ArgumentNullException.ThrowIfNull(configureConnection);
        var own = Settings.Copy();
        configureConnection(own);
        return Add(new NatsTenant(tenantId, mapper, own));
    }

    /// <inheritdoc/>
    protected override NatsListenerConfiguration createListenerExpression(NatsEndpoint listenerEndpoint) => new(listenerEndpoint);

    /// <inheritdoc/>
    protected override NatsSubscriberConfiguration createSubscriberExpression(NatsEndpoint subscriberEndpoint) =>
        new(subscriberEndpoint);

    private NatsTransportExpression Add(NatsTenant tenant)
    {
        Transport.Tenants[tenant.Id] = tenant;
        return this;
    }

    private NatsTransportExpression Set(Action<NatsTransportConfiguration> change)
    {
        change(Settings);
        return this;
    }
}
