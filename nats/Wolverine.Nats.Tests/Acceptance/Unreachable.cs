using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>An application that can't connect gives up at its first attempt here; by default it tries for two minutes.</summary>
public static class Unreachable
{
    /// <returns>What the error says, with all that is behind it.</returns>
    public static Task<string> LoggingInAsync(string url, Action<NatsTransportExpression> connect) =>
        ShouldFailAsync(url, (_, nats) => connect(nats));

    /// <returns>What the error says, with all that is behind it.</returns>
    public static Task<string> ConnectingAsync(string url, Action<NatsTransportConfiguration> connect) =>
        ShouldFailAsync(url, (options, _) => connect(options.NatsTransport().Configuration));

    private static async Task<string> ShouldFailAsync(string url, Action<WolverineOptions, NatsTransportExpression> connect)
    {
        var fault = await Should.ThrowAsync<Exception>(() => QuietHost.StartAsync(url, (options, nats) =>
        {
            options.BrokerInitializationTimeout = TimeSpan.Zero;
            options.ListenToNatsSubject("orders");
            connect(options, nats);
        }).WaitAsync(OrdersOnJetStream.Recovery));
        return fault.ToString();
    }
}
