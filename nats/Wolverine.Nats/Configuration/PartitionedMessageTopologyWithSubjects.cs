using Wolverine.Configuration;
using Wolverine.Runtime.Partitioning;

namespace Wolverine.Nats.Configuration;

/// <summary>
/// Subjects <c>{name}1</c>, <c>{name}2</c> and so on, each handled by one node at a time through the durable inbox. A
/// shard's stream is a work queue of its own unless a declared one captures the subject.
/// </summary>
public sealed class PartitionedMessageTopologyWithSubjects
    : PartitionedMessageTopology<NatsListenerConfiguration, NatsSubscriberConfiguration>
{
    internal PartitionedMessageTopologyWithSubjects(
        WolverineOptions options, PartitionSlots? listeningSlots, string baseName, int numberOfEndpoints)
        : base(options, listeningSlots, baseName, numberOfEndpoints) => MaxDegreeOfParallelism = PartitionSlots.Five;

    /// <inheritdoc/>
    protected override Endpoint buildEndpoint(WolverineOptions options, string name)
    {
        var endpoint = options.NatsTransport().EndpointForSubject(name);
        endpoint.ListensToJetStream = true;
        return endpoint;
    }

    /// <inheritdoc/>
    protected override NatsListenerConfiguration buildListener(WolverineOptions options, string name) =>
        options.ListenToNatsSubject(name);

    /// <inheritdoc/>
    protected override NatsSubscriberConfiguration buildSubscriber(IPublishToExpression expression, string name) =>
        expression.ToNatsSubject(name);
}
