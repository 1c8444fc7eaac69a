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
    /// <exception cref="BrokerUnusableException">
    /// Trying again won't help: the server refuses the login, one of both does not trust the other, or it can't do what is needed.
    /// </exception>
    public async Task<string?> FaultAsync(CancellationToken cancellation)
    {
        await using var broker = new NatsBroker(transport.Configuration, "probe", NullLoggerFactory.Instance);
        try
        {
            var needsJetStream = transport.Topology.NeedsJetStream;
            await broker.ConnectAsync(needsJetStream).WaitAsync(transport.Configuration.ConnectTimeout * 2, cancellation);
            if (needsJetStream)
            {
                await broker.Refusals.ExplainAsync(async () => await broker.JetStream.GetAccountInfoAsync(cancellation));
            }

            return null;
        }
        catch (Exception e) when (e is NatsException or NatsJSException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return e is TimeoutException or OperationCanceledException ? "it does not answer"
                : broker.Connection.ServerInfo is null ? "it can't be reached"
                : e.GetBaseException().Message.TrimEnd('.');
        }
    }
}
