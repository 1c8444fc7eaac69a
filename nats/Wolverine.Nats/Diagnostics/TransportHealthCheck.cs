using Wolverine.Transports;

namespace Wolverine.Nats.Diagnostics;

/// <summary>What <see cref="NatsHealthCheck"/> tells, of one broker, for those who ask Wolverine for the health of its transports.</summary>
internal sealed class TransportHealthCheck(NatsTransport transport) : WolverineTransportHealthCheck
{
    public override string TransportName => transport.Name;

    public override string Protocol => transport.Protocol;

    public override async Task<TransportHealthResult> CheckHealthAsync(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(NatsHealthCheck.Limit);
        Dictionary<string, object> faults = [];
        var status = TransportHealthStatus.Healthy;
        await foreach (var (what, fault, isSerious) in BrokerFaults.OfAsync(transport, limit.Token))
        {
            faults[what] = fault;
            status = isSerious ? TransportHealthStatus.Unhealthy : status == TransportHealthStatus.Healthy ? TransportHealthStatus.Degraded : status;
        }

        return new TransportHealthResult(
            TransportName, Protocol, status, faults.Count == 0 ? "Messages can flow." : NatsHealthCheck.Describe(faults), DateTimeOffset.UtcNow, faults);
    }
}
