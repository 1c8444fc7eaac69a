using JasperFx.Core.Reflection;
using Microsoft.Extensions.Configuration;
using Wolverine.Configuration;
using Wolverine.Nats.Configuration;
using Wolverine.Runtime.Partitioning;
using Wolverine.Runtime.Routing;

namespace Wolverine.Nats;

/// <summary>Adds NATS to a Wolverine application.</summary>
public static class NatsTransportExtensions
{
    /// <summary>Connects to NATS.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="connectionString">Server addresses, comma-separated.</param>
    public static NatsTransportExpression UseNats(this WolverineOptions options, string connectionString = "nats://localhost:4222") =>
        options.UseNats(settings => settings.ConnectionString = connectionString);

    /// <summary>Connects to NATS.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="configure">Sets addresses, credentials and limits.</param>
    public static NatsTransportExpression UseNats(this WolverineOptions options, Action<NatsTransportConfiguration> configure) =>
        options.Use(options.NatsTransport(), configure);

    /// <summary>Connects to NATS as configured in the section <c>Wolverine:Nats</c>, or <c>Nats</c>; the variable NATS_URL wins.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="configuration">Names as in <see cref="NatsTransportConfiguration"/>.</param>
    public static NatsTransportExpression UseNats(this WolverineOptions options, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Wolverine:Nats");
        section = section.Exists() ? section : configuration.GetSection("Nats");
        return options.UseNats(settings =>
        {
            section.Bind(settings);
            foreach (var (name, stream) in settings.Streams)
            {
                stream.Name = name;
            }

            if (Environment.GetEnvironmentVariable("NATS_URL") is { Length: > 0 } url)
            {
                settings.ConnectionString = url;
            }
        });
    }

    /// <summary>Changes what <see cref="UseNats(WolverineOptions, string)"/> began.</summary>
    public static NatsTransportExpression ConfigureNats(this WolverineOptions options) => new(options.NatsTransport(), options);

    /// <summary>Connects to one more broker. Its name is the scheme of its endpoints' addresses.</summary>
    public static NatsTransportExpression AddNamedNatsBroker(this WolverineOptions options, BrokerName name, string connectionString) =>
        options.AddNamedNatsBroker(name, settings => settings.ConnectionString = connectionString);

    /// <summary>Connects to one more broker. Its name is the scheme of its endpoints' addresses.</summary>
    public static NatsTransportExpression AddNamedNatsBroker(
        this WolverineOptions options, BrokerName name, Action<NatsTransportConfiguration> configure) =>
        options.Use(options.NatsTransport(name), configure);

    /// <summary>Listens to a subject.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="subject">A subject; <c>*</c> and a last <c>&gt;</c> are wildcards.</param>
    public static NatsListenerConfiguration ListenToNatsSubject(this WolverineOptions options, string subject) =>
        Listen(options.NatsTransport(), subject);

    /// <summary>Listens to a subject of a named broker.</summary>
    public static NatsListenerConfiguration ListenToNatsSubjectOnNamedBroker(
        this WolverineOptions options, BrokerName name, string subject) => Listen(options.NatsTransport(name), subject);

    /// <summary>Sends the chosen messages to a subject.</summary>
    /// <param name="publishing">The messages.</param>
    /// <param name="subject">The subject, and the endpoint's name.</param>
    public static NatsSubscriberConfiguration ToNatsSubject(this IPublishToExpression publishing, string subject) =>
        Publish(publishing, name: null, subject);

    /// <summary>Sends the chosen messages to a subject of a named broker.</summary>
    public static NatsSubscriberConfiguration ToNatsSubjectOnNamedBroker(
        this IPublishToExpression publishing, BrokerName name, string subject) => Publish(publishing, name, subject);

    /// <summary>Sends messages of a type to a subject.</summary>
    public static NatsSubscriberConfiguration PublishToNatsSubject<T>(this WolverineOptions options, string subject)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.PublishMessage<T>().ToNatsSubject(subject);
    }

    /// <summary>Sends messages of a type, each to a subject of its own. Broadcasts to a topic go the same way.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="subjectSource">The subject of a message.</param>
    public static NatsSubscriberConfiguration PublishMessagesToNatsSubject<T>(
        this WolverineOptions options, Func<T, string> subjectSource)
    {
        ArgumentNullException.ThrowIfNull(options);
        var endpoint = options.NatsTransport().NewTopicSender();
        options.PublishWithMessageRoutingSource(new TopicRouting<T>(subjectSource, endpoint));
        return new NatsSubscriberConfiguration(endpoint);
    }

    /// <summary>Spreads messages over <paramref name="numberOfEndpoints"/> subjects by their group, each handled in order by one node.</summary>
    public static GlobalPartitionedMessageTopology UseShardedNatsSubjects(
        this GlobalPartitionedMessageTopology topology,
        string baseName,
        int numberOfEndpoints,
        Action<PartitionedMessageTopologyWithSubjects>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        topology.SetExternalTopology(options => Sharded(options, baseName, numberOfEndpoints, configure), baseName);
        return topology;
    }

    /// <summary>Publishes messages to <paramref name="numberOfEndpoints"/> subjects by their group, and listens to them.</summary>
    public static MessagePartitioningRules PublishToShardedNatsSubjects(
        this MessagePartitioningRules rules,
        string baseName,
        int numberOfEndpoints,
        Action<PartitionedMessageTopologyWithSubjects> configure)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules.AddPublishingTopology((options, _) =>
        {
            var topology = Sharded(options, baseName, numberOfEndpoints, configure: null);
            topology.ConfigureListening(_ => { });
            configure(topology);
            topology.AssertValidity();
            return topology;
        });
        return rules;
    }

    /// <summary>The NATS transport of an application.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="name">A named broker; null (the default) is the one of <c>UseNats</c>.</param>
    public static NatsTransport NatsTransport(this WolverineOptions options, BrokerName? name = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var transport = options.Transports.GetOrCreate<NatsTransport>(name);
        transport.ServiceName = () => options.ServiceName;
        return transport;
    }

    private static NatsTransportExpression Use(
        this WolverineOptions options, NatsTransport transport, Action<NatsTransportConfiguration> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(transport.Configuration);
        return new NatsTransportExpression(transport, options);
    }

    private static NatsListenerConfiguration Listen(NatsTransport transport, string subject)
    {
        var endpoint = transport.EndpointForSubject(subject);
        endpoint.IsListener = true;
        return new NatsListenerConfiguration(endpoint);
    }

    private static NatsSubscriberConfiguration Publish(IPublishToExpression publishing, BrokerName? name, string subject)
    {
        ArgumentNullException.ThrowIfNull(publishing);
        var transport = publishing.As<PublishingExpression>().Parent.NatsTransport(name);
        var endpoint = transport.EndpointForSubject(NatsSubject.Publishable(transport.Normalize(subject)));
        publishing.To(endpoint.Uri);
        return new NatsSubscriberConfiguration(endpoint);
    }

    private static PartitionedMessageTopologyWithSubjects Sharded(
        WolverineOptions options, string baseName, int numberOfEndpoints, Action<PartitionedMessageTopologyWithSubjects>? configure)
    {
        var topology = new PartitionedMessageTopologyWithSubjects(options, PartitionSlots.Five, baseName, numberOfEndpoints);
        configure?.Invoke(topology);
        return topology;
    }
}
