using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Provisioning;

/// <summary>Looks at the server without changing anything, over a connection of its own.</summary>
public sealed class TopologyInspection(NatsTransport transport)
{
    /// <summary>Checks the server, JetStream, every declared stream and every listener's consumers on the shared connection.</summary>
    /// <returns>One finding for each, in that order; when the server can't be reached, that one alone.</returns>
    public async Task<IReadOnlyList<Finding>> InspectAsync(CancellationToken cancellation)
    {
        await using var broker = new NatsBroker(transport.Configuration, "inspection", NullLoggerFactory.Instance);
        if (await ConnectAsync(broker, cancellation) is { } unreachable)
        {
            return [unreachable];
        }

        List<Finding> findings = [ServerOf(broker.Server), await JetStreamAsync(broker, cancellation)];
        if (findings.TrueForAll(finding => finding.IsWell))
        {
            findings.AddRange(await StreamsAsync(broker, cancellation));
            findings.AddRange(await ConsumersAsync(broker, cancellation));
        }

        return findings;
    }

    private async Task<Finding?> ConnectAsync(NatsBroker broker, CancellationToken cancellation)
    {
        var servers = transport.Configuration.DescribeServers();
        try
        {
            await broker.Connection.ConnectAsync().AsTask().WaitAsync(transport.Configuration.RequestTimeout, cancellation);
            return null;
        }
        catch (Exception e) when (e is NatsException or TimeoutException)
        {
            return new Finding($"NATS at {servers}", $"can't be reached ({e.Message.TrimEnd('.')}); start nats-server or set NATS_URL");
        }
    }

    private static Finding ServerOf(ServerFacts server) =>
        new($"NATS server {server.Version} at {server.Name}", server.Fault(needsJetStream: true));

    private static async Task<Finding> JetStreamAsync(NatsBroker broker, CancellationToken cancellation)
    {
        try
        {
            var account = await broker.JetStream.GetAccountInfoAsync(cancellation);
            return new Finding($"JetStream ({account.Streams} streams, {account.Consumers} consumers)", null);
        }
        catch (NatsException e)
        {
            return new Finding("JetStream", $"does not answer ({e.Message}); see the server's log");
        }
    }

    private async Task<IEnumerable<Finding>> StreamsAsync(NatsBroker broker, CancellationToken cancellation)
    {
        List<Finding> findings = [];
        foreach (var stream in transport.Declarations.Streams())
        {
            findings.Add(FindingOf($"stream {stream.Name}", await broker.Streams.DifferencesAsync(stream, cancellation)));
        }

        return findings;
    }

    private async Task<IEnumerable<Finding>> ConsumersAsync(NatsBroker broker, CancellationToken cancellation)
    {
        List<Finding> findings = [];
        foreach (var consumer in transport.JetStreamListeners()
            .SelectMany(endpoint => transport.Declarations.SourcesOf(endpoint, broker))
            .Select(source => source.Consumer!))
        {
            findings.Add(FindingOf(
                $"consumer {consumer.Stream}/{consumer.Name}", await broker.Consumers.DifferencesAsync(consumer, cancellation)));
        }

        return findings;
    }

    private static Finding FindingOf(string subject, IReadOnlyList<string> differences) => new(
        subject,
        differences.Count == 0 ? null : $"{string.Join("; ", differences)}; run 'resources setup' or start the service");
}
