using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Wolverine.Nats.Provisioning;

/// <summary>Looks at the server without changing anything, over a connection of its own.</summary>
public sealed class TopologyInspection(NatsTransport transport)
{
    private static readonly Version OldestServer = new(2, 9);

    /// <summary>Checks the server, JetStream, every declared stream and every listener's consumer.</summary>
    /// <returns>One finding for each, in that order; when the server can't be reached, that one alone.</returns>
    public async Task<IReadOnlyList<Finding>> InspectAsync(CancellationToken cancellation)
    {
        var options = transport.Configuration.ToNatsOpts("inspection", NullLoggerFactory.Instance);
        await using var connection = new NatsConnection(options);
        if (await ConnectAsync(connection, cancellation) is { } unreachable)
        {
            return [unreachable];
        }

        var jetStream = new NatsJSContext(connection);
        List<Finding> findings = [ServerOf(connection), await JetStreamAsync(jetStream, cancellation)];
        if (findings.TrueForAll(finding => finding.IsWell))
        {
            findings.AddRange(await StreamsAsync(new StreamProvisioner(jetStream), cancellation));
            findings.AddRange(await ConsumersAsync(new ConsumerProvisioner(jetStream), cancellation));
        }

        return findings;
    }

    private async Task<Finding?> ConnectAsync(NatsConnection connection, CancellationToken cancellation)
    {
        var servers = transport.Configuration.DescribeServers();
        try
        {
            await connection.ConnectAsync().AsTask().WaitAsync(transport.Configuration.RequestTimeout, cancellation);
            return null;
        }
        catch (Exception e) when (e is NatsException or TimeoutException)
        {
            return new Finding($"NATS at {servers}", $"can't be reached ({e.Message.TrimEnd('.')}); start nats-server or set NATS_URL");
        }
    }

    private static Finding ServerOf(NatsConnection connection)
    {
        var server = connection.ServerInfo!;
        var isOld = Version.TryParse(server.Version.Split('-')[0], out var version) && version < OldestServer;
        return new Finding(
            $"NATS server {server.Version} at {server.Host}:{server.Port}",
            isOld ? $"is older than {OldestServer}; upgrade it"
            : server.JetStreamAvailable ? null
            : "runs without JetStream; start it with -js");
    }

    private static async Task<Finding> JetStreamAsync(NatsJSContext jetStream, CancellationToken cancellation)
    {
        try
        {
            var account = await jetStream.GetAccountInfoAsync(cancellation);
            return new Finding($"JetStream ({account.Streams} streams, {account.Consumers} consumers)", null);
        }
        catch (NatsException e)
        {
            return new Finding("JetStream", $"does not answer ({e.Message}); see the server's log");
        }
    }

    private async Task<IEnumerable<Finding>> StreamsAsync(StreamProvisioner streams, CancellationToken cancellation)
    {
        List<Finding> findings = [];
        foreach (var stream in transport.Configuration.Streams)
        {
            findings.Add(FindingOf($"stream {stream.Name}", await streams.DifferencesAsync(stream, cancellation)));
        }

        return findings;
    }

    private async Task<IEnumerable<Finding>> ConsumersAsync(ConsumerProvisioner consumers, CancellationToken cancellation)
    {
        List<Finding> findings = [];
        foreach (var endpoint in transport.JetStreamListeners())
        {
            var differences = await consumers.DifferencesAsync(
                endpoint.StreamName!, endpoint.Consumer, endpoint.Subject, cancellation);
            findings.Add(FindingOf($"consumer {endpoint.StreamName}/{endpoint.Consumer.Name}", differences));
        }

        return findings;
    }

    private static Finding FindingOf(string subject, IReadOnlyList<string> differences) => new(
        subject,
        differences.Count == 0 ? null : $"{string.Join("; ", differences)}; run 'resources setup' or start the service");
}
