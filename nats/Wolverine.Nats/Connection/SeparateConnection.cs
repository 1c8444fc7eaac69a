using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using Wolverine.Nats.Configuration;

namespace Wolverine.Nats.Connection;

/// <summary>A connection that no endpoint uses.</summary>
internal static class SeparateConnection
{
    /// <exception cref="BrokerUnusableException">The server refuses the login.</exception>
    /// <exception cref="NatsException">It can't be reached.</exception>
    public static async Task<NatsConnection> OpenAsync(NatsTransportConfiguration settings, string name)
    {
        var options = NatsOptions.Of(settings, name, NullLoggerFactory.Instance);

        // The client gives up with the first that takes the connection and says nothing, as a frozen one does.
        for (var others = settings.DescribeServers().Count(character => character == ','); ; others--)
        {
            var connection = new NatsConnection(options);
            try
            {
                await connection.ConnectAsync();
                return connection;
            }
            catch (NatsException e)
            {
                await connection.DisposeAsync();
                if (ConnectionFaults.Lasting(e) is { } lasting)
                {
                    throw new BrokerUnusableException($"NATS at {settings.DescribeServers()} {lasting}.");
                }

                if (others == 0)
                {
                    throw;
                }
            }
        }
    }
}
