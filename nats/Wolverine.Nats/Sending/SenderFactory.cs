using Wolverine.Nats.Connection;
using Wolverine.Runtime;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>Builds what sends for an endpoint.</summary>
internal sealed class SenderFactory(NatsEndpoint endpoint, IWolverineRuntime runtime)
{
    private readonly NatsTransport _transport = endpoint.Transport;

    public ISender Build()
    {
        var sender = _transport.Declarations.IsTenanted(endpoint) ? Tenanted() : SenderOf(_transport.Broker, tenant: null);
        return endpoint.SendsInBatches ? new PipelinedSender(endpoint, sender, runtime) : sender;
    }

    private TenantedSender Tenanted()
    {
        var sender = new TenantedSender(endpoint.Uri, _transport.TenantedIdBehavior, SenderOf(_transport.Broker, tenant: null));
        foreach (var tenant in _transport.Tenants.Values)
        {
            var mapper = _transport.Declarations.MapperOf(tenant);
            sender.RegisterSender(
                tenant.Id, SenderOf(tenant.Broker ?? _transport.Broker, subject => mapper.MapSubject(subject, tenant.Id)));
        }

        return sender;
    }

    private ISender SenderOf(NatsBroker broker, Func<string, string>? tenant)
    {
        var route = new SubjectRoute(endpoint, tenant);
        return endpoint.PublishesToJetStream ? new JetStreamSender(endpoint, broker, route)
            : endpoint.MayPublishToJetStream
                ? new TopicSender(endpoint, route, new JetStreamSender(endpoint, broker, route), new CoreNatsSender(endpoint, broker, route))
            : new CoreNatsSender(endpoint, broker, route);
    }
}
