using NATS.Client.Core;
using NatsServers;

namespace Wolverine.Nats.Tests.Scenarios;

/// <summary>A plain NATS client that notes everything it hears on some subjects.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly NatsConnection _connection;
    private readonly INatsSub<string> _subscription;
    private readonly List<NatsMsg<string>> _heard = [];
    private readonly Task _listening;

    private Wire(NatsConnection connection, INatsSub<string> subscription)
    {
        _connection = connection;
        _subscription = subscription;
        _listening = ListenAsync();
    }

    public static async Task<Wire> TapAsync(NatsServer server, string subject, NatsAuthOpts? authentication = null)
    {
        var connection = server.Connect(authentication);
        var subscription = await connection.SubscribeCoreAsync<string>(subject);
        await connection.PingAsync();
        return new Wire(connection, subscription);
    }

    public IReadOnlyList<NatsMsg<string>> Heard
    {
        get
        {
            lock (_heard)
            {
                return [.. _heard];
            }
        }
    }

    public async Task<NatsMsg<string>> OneAsync()
    {
        await Eventually.Async(() => Heard.Count > 0, TimeSpan.FromSeconds(10), "something is heard");
        return Heard.ShouldHaveSingleItem();
    }

    public async Task<IReadOnlyList<NatsMsg<string>>> SomeAsync(int count)
    {
        await Eventually.Async(() => Heard.Count >= count, TimeSpan.FromSeconds(10), $"{count} are heard");
        return Heard;
    }

    public async ValueTask DisposeAsync()
    {
        await _subscription.DisposeAsync();
        await _listening;
        await _connection.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        await foreach (var message in _subscription.Msgs.ReadAllAsync())
        {
            lock (_heard)
            {
                _heard.Add(message);
            }
        }
    }
}
