using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Provisioning;

/// <summary>
/// Tries whether the application could start now: an application that wants to wait for its server, and be heard while it
/// does, asks this before it starts Wolverine, which tries twenty times and then gives up.
/// </summary>
public sealed class ServerProbe(NatsTransport transport)
{
    /// <summary>Connects, logs in and asks JetStream for an answer, over a connection of its own that logs nothing.</summary>
    /// <param name="cancellation">Ends the try.</param>
    /// <returns>What is amiss and may pass; null when nothing is.</returns>
    /// <exception cref="BrokerUnusableException">The server refuses the login, or can't do what is needed.</exception>
    public async Task<string?> FaultAsync(CancellationToken cancellation)
    {
        await using var broker = new NatsBroker(transport.Configuration, "probe", NullLoggerFactory.Instance);
        try
        {
            await broker.Connection.ConnectAsync().AsTask().WaitAsync(transport.Configuration.ConnectTimeout * 2, cancellation);
            if (!transport.Topology.NeedsJetStream)
            {
                return null;
            }

            RequireUsable(broker.Server);
            await broker.Refusals.ExplainAsync(async () => await broker.JetStream.GetAccountInfoAsync(cancellation));
            return null;
        }
        catch (Exception e) when (RefusalIn(e) is { } refusal)
        {
            throw new BrokerUnusableException(
                $"NATS at {transport.Configuration.DescribeServers()} refuses the login ({refusal.Error}). Correct the user, the password or the credentials.");
        }
        catch (Exception e) when (e is NatsException or NatsJSException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return e is TimeoutException or OperationCanceledException ? "it does not answer"
                : broker.Connection.ServerInfo is null ? "it can't be reached"
                : e.GetBaseException().Message.TrimEnd('.');
        }
    }

    private static void RequireUsable(ServerFacts server)
    {
        if (server.Fault(needsJetStream: true) is { } fault)
        {
            throw new BrokerUnusableException($"nats-server {server.Version} at {server.Name} {fault}.");
        }
    }

    private static NatsServerException? RefusalIn(Exception? fault)
    {
        while (fault is not null and not NatsServerException { IsAuthError: true })
        {
            fault = fault.InnerException;
        }

        return (NatsServerException?)fault;
    }
}
