using System.Runtime.CompilerServices;
using NATS.Client.Core;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Provisioning;

namespace Wolverine.Nats.Diagnostics;

/// <summary>What keeps messages from flowing on a transport's connections: the shared one, and those of tenants that have their own.</summary>
internal static class BrokerFaults
{
    public static async IAsyncEnumerable<(string What, string Fault, bool IsSerious)> OfAsync(
        NatsTransport transport, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (listener, fault) in transport.IsConnected ? transport.Health.Faults : new Dictionary<string, string>())
        {
            yield return (listener, fault, true);
        }

        foreach (var (name, broker, needed) in Connections(transport))
        {
            await foreach (var fault in OfAsync(name, broker, needed, DeclaredBy(transport), cancellation))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<(string Name, NatsBroker? Broker, string[] Needed)> Connections(NatsTransport transport)
    {
        yield return ($"{transport.Protocol} at {transport.DescribeEndpoint()}", transport.IsConnected ? transport.Broker : null, StreamsOf(transport, _ => true));
        foreach (var tenant in transport.Tenants.Values.Where(tenant => tenant.HasOwnConnection))
        {
            yield return (
                $"{transport.Protocol} at {tenant.DescribeServers()}, tenant {tenant.Id}", tenant.Broker, StreamsOf(transport, transport.Declarations.IsTenanted));
        }
    }

    private static async IAsyncEnumerable<(string What, string Fault, bool IsSerious)> OfAsync(
        string name, NatsBroker? broker, string[] needed, IEnumerable<string> declared, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (broker?.Connection.ConnectionState != NatsConnectionState.Open)
        {
            yield return (name, "not connected", true);
            yield break;
        }

        foreach (var stream in needed.Union(declared, StringComparer.Ordinal))
        {
            if (await FaultOfAsync(broker, stream, cancellation) is { } fault)
            {
                yield return ($"{name}, stream {stream}", fault, needed.Contains(stream, StringComparer.Ordinal));
            }
        }
    }

    private static string[] StreamsOf(NatsTransport transport, Func<NatsEndpoint, bool> isMeant) =>
    [
        .. transport.Endpoints().OfType<NatsEndpoint>()
            .Where(endpoint => endpoint.PublishesToJetStream && isMeant(endpoint))
            .Select(transport.Declarations.StreamOf)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal),
    ];

    // Those of dead letters above all: messages flow without them, until one can't be handled.
    private static IEnumerable<string> DeclaredBy(NatsTransport transport) =>
        transport.Configuration.EnableJetStream ? transport.Configuration.Streams.Keys : [];

    private static async Task<string?> FaultOfAsync(NatsBroker broker, string stream, CancellationToken cancellation)
    {
        try
        {
            return await broker.Leaders.FaultAsync(stream, cancellation);
        }
        catch (OperationCanceledException)
        {
            return StreamLeaders.NoAnswer;
        }
    }
}
