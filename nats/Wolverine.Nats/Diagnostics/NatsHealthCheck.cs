using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;

namespace Wolverine.Nats.Diagnostics;

/// <summary>
/// Healthy when messages can flow on every NATS broker: the connection is open, every stream in use has a leader, and
/// every listener is receiving. An open socket alone proves none of that. Degraded when it is a declared stream that no endpoint uses,
/// such as that of dead letters, which is missing or has no leader. Each stream is asked for its leader once a second at most, however
/// many probe.
/// </summary>
/// <remarks><c>services.AddHealthChecks().AddCheck&lt;NatsHealthCheck&gt;("nats")</c>.</remarks>
public sealed class NatsHealthCheck(IWolverineRuntime runtime) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        Dictionary<string, object> faults = [];
        var status = HealthStatus.Healthy;
        foreach (var transport in runtime.Options.Transports.OfType<NatsTransport>())
        {
            await foreach (var (what, fault, isSerious) in FaultsOfAsync(transport, limit.Token))
            {
                faults[what] = fault;
                status = isSerious ? context.Registration.FailureStatus : status == HealthStatus.Healthy ? HealthStatus.Degraded : status;
            }
        }

        return faults.Count == 0
            ? HealthCheckResult.Healthy("Messages can flow.")
            : new HealthCheckResult(status, string.Join("; ", faults.Select(fault => $"{fault.Key}: {fault.Value}")), data: faults);
    }

    private static async IAsyncEnumerable<(string What, string Fault, bool IsSerious)> FaultsOfAsync(
        NatsTransport transport, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var name = $"{transport.Protocol} at {transport.DescribeEndpoint()}";
        if (!transport.IsConnected)
        {
            yield return (name, "not connected", true);
            yield break;
        }

        foreach (var (listener, fault) in transport.Health.Faults)
        {
            yield return (listener, fault, true);
        }

        var needed = StreamsOf(transport).ToArray();
        foreach (var stream in needed.Union(DeclaredBy(transport), StringComparer.Ordinal))
        {
            if (await FaultOfAsync(transport, stream, cancellation) is { } fault)
            {
                yield return ($"{name}, stream {stream}", fault, needed.Contains(stream, StringComparer.Ordinal));
            }
        }
    }

    private static IEnumerable<string> StreamsOf(NatsTransport transport) => transport.Endpoints()
        .OfType<NatsEndpoint>()
        .Where(endpoint => endpoint.PublishesToJetStream)
        .Select(transport.Declarations.StreamOf)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal);

    // Those of dead letters above all: messages flow without them, until one can't be handled.
    private static IEnumerable<string> DeclaredBy(NatsTransport transport) =>
        transport.Configuration.EnableJetStream ? transport.Configuration.Streams.Keys : [];

    private static async Task<string?> FaultOfAsync(NatsTransport transport, string stream, CancellationToken cancellation)
    {
        try
        {
            return await transport.Broker.Leaders.FaultAsync(stream, cancellation);
        }
        catch (OperationCanceledException)
        {
            return StreamLeaders.NoAnswer;
        }
    }
}
