using JasperFx.Core.Reflection;
using Wolverine.Configuration;
using Wolverine.Nats.Configuration;

namespace Wolverine.Nats;

/// <summary>Adds NATS to a Wolverine application.</summary>
public static class NatsTransportExtensions
{
    /// <summary>Connects to NATS.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="connectionString">Server addresses, comma-separated.</param>
    public static NatsTransportExpression UseNats(this WolverineOptions options, string connectionString = "nats://127.0.0.1:4222") =>
        options.UseNats(configuration => configuration.ConnectionString = connectionString);

    /// <summary>Connects to NATS.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="configure">Sets addresses, credentials, limits and streams.</param>
    public static NatsTransportExpression UseNats(this WolverineOptions options, Action<NatsTransportConfiguration> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var transport = options.NatsTransport();
        configure(transport.Configuration);
        return new NatsTransportExpression(transport);
    }

    /// <summary>Listens to a subject.</summary>
    /// <param name="options">The application's options.</param>
    /// <param name="subject">A subject; <c>*</c> and a last <c>&gt;</c> are wildcards.</param>
    public static NatsListenerConfiguration ListenToNatsSubject(this WolverineOptions options, string subject)
    {
        var endpoint = options.NatsTransport().EndpointForSubject(subject);
        endpoint.IsListener = true;
        return new NatsListenerConfiguration(endpoint);
    }

    /// <summary>Sends the chosen messages to a subject.</summary>
    /// <param name="publishing">The messages.</param>
    /// <param name="subject">The subject, and the endpoint's name.</param>
    public static NatsSubscriberConfiguration ToNatsSubject(this IPublishToExpression publishing, string subject)
    {
        ArgumentNullException.ThrowIfNull(publishing);
        var transport = publishing.As<PublishingExpression>().Parent.NatsTransport();
        var endpoint = transport.EndpointForSubject(NatsSubject.Publishable(subject));
        publishing.To(endpoint.Uri);
        return new NatsSubscriberConfiguration(endpoint);
    }

    /// <summary>The NATS transport of an application.</summary>
    public static NatsTransport NatsTransport(this WolverineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Transports.GetOrCreate<NatsTransport>();
    }
}
