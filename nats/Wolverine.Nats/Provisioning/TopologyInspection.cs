using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Provisioning;

/// <summary>Looks at the server without changing anything, over a connection of its own.</summary>
public sealed class TopologyInspection(NatsTransport transport)
{
    private const string ForSilence = "start the nodes that are away, until more than half run; else see the server's log";

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

    /// <summary>
    /// Checks the permission for each subject that the application uses, where the server tells them, and that no stream captures what it gets
    /// answers or requests on.
    /// </summary>
    /// <returns>What was found; nothing while the server or JetStream does not answer, of which <see cref="InspectAsync"/> tells.</returns>
    public async Task<IReadOnlyList<Finding>> InspectSubjectsAsync(CancellationToken cancellation)
    {
        await using var broker = new NatsBroker(transport.Configuration, "inspection", NullLoggerFactory.Instance);
        return await ConnectAsync(broker, cancellation) is null && ServerOf(broker.Server).IsWell
            ? [await PermissionsAsync(broker, cancellation), .. await AnswersAsync(broker, cancellation)]
            : [];
    }

    private async Task<Finding> PermissionsAsync(NatsBroker broker, CancellationToken cancellation)
    {
        const string subject = "permissions";
        return await UserPermissions.AskAsync(broker.Connection, cancellation) is not { } granted
            ? new Finding($"{subject} (the server does not tell them)", null)
            : new Finding(subject, transport.Topology.Missing(granted, broker).ToArray() is { Length: > 0 } missing
                ? $"the server forbids this user to {string.Join(", ", missing)}; give it these permissions"
                : null);
    }

    private async Task<IReadOnlyList<Finding>> AnswersAsync(NatsBroker broker, CancellationToken cancellation)
    {
        const string subject = "requests and answers";
        try
        {
            return [new(subject, await Topology.CapturedAsync(broker, transport.Topology.SubjectsOfAnswers(), cancellation))];
        }
        catch (Exception e) when (IsSilence(e, cancellation))
        {
            return broker.Refusals.Described is { } forbidden ? [new(subject, forbidden)] : [];
        }
    }

    private async Task<Finding?> ConnectAsync(NatsBroker broker, CancellationToken cancellation)
    {
        var servers = transport.Configuration.DescribeServers();
        try
        {
            await broker.Connection.ConnectAsync().AsTask().WaitAsync(transport.Configuration.RequestTimeout, cancellation);
            return null;
        }
        catch (Exception e) when (e is TimeoutException || IsSilence(e, cancellation))
        {
            return new Finding($"NATS at {servers}", ConnectionFaults.Lasting(e) ?? $"can't be reached ({e.Message.TrimEnd('.')}); start nats-server or set NATS_URL");
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
        catch (Exception e) when (IsSilence(e, cancellation))
        {
            var forbidden = broker.Refusals.Described;
            return new Finding("JetStream", forbidden ?? $"does not answer ({e.Message.TrimEnd('.')}); {ForSilence}") { Difference = forbidden };
        }
    }

    private async Task<IEnumerable<Finding>> StreamsAsync(NatsBroker broker, CancellationToken cancellation)
    {
        List<Finding> findings = [];
        foreach (var stream in transport.Declarations.Streams())
        {
            findings.Add(await FindingOfAsync($"stream {stream.Name}", broker, () => broker.Streams.DifferencesAsync(stream, cancellation), cancellation));
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
            findings.Add(await FindingOfAsync(
                $"consumer {consumer.Stream}/{consumer.Name}", broker, () => broker.Consumers.DifferencesAsync(consumer, cancellation), cancellation));
        }

        return findings;
    }

    private static async Task<Finding> FindingOfAsync(
        string subject, NatsBroker broker, Func<Task<IReadOnlyList<string>>> compare, CancellationToken cancellation)
    {
        try
        {
            return await compare() is { Count: > 0 } differences && string.Join("; ", differences) is var difference
                ? new Finding(subject, $"{difference}; run 'resources setup' or start the service") { Difference = difference }
                : new Finding(subject, null);
        }
        catch (Exception e) when (IsSilence(e, cancellation))
        {
            var forbidden = broker.Refusals.Described;
            return new Finding(subject, forbidden ?? $"does not answer ({e.Message.TrimEnd('.')}); {ForSilence}") { Difference = forbidden };
        }
    }

    // The client tells of a server that went away while it was asked by cancelling.
    private static bool IsSilence(Exception fault, CancellationToken cancellation) =>
        fault is NatsException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested);
}
