using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;

namespace Wolverine.Nats.Tests.Servers;

public sealed class NatsServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);
    private NatsServer _nats = null!;

    public async ValueTask InitializeAsync() => _nats = await NatsServer.StartAsync();

    [Fact]
    public async Task a_killed_server_comes_back_on_its_port_with_its_data()
    {
        var url = _nats.Url;
        await using var connection = _nats.Connect();
        await StoreAsync(connection, "kept");

        await _nats.KillAsync();
        await _nats.RestartAsync();

        _nats.Url.ShouldBe(url);
        (await _nats.ReadAsync("DATA")).Select(message => message.Data).ShouldBe(["kept"]);
        await connection.PingAsync();
    }

    [Fact]
    public async Task a_suspended_server_answers_nobody_until_it_is_resumed()
    {
        await using var connection = _nats.Connect();
        await connection.ConnectAsync();

        _nats.Suspend();
        using var limit = new CancellationTokenSource(Moment);
        await Should.ThrowAsync<OperationCanceledException>(async () => await connection.PingAsync(limit.Token));
        _nats.Resume();

        await connection.PingAsync();
    }

    [Fact]
    public async Task a_suspended_server_can_be_stopped_and_restarted()
    {
        _nats.Suspend();

        await _nats.StopAsync();
        await _nats.RestartAsync();

        await using var connection = _nats.Connect();
        await connection.PingAsync();
    }

    public ValueTask DisposeAsync() => _nats.DisposeAsync();

    private static async Task StoreAsync(NatsConnection connection, string text)
    {
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(new StreamConfig("DATA", ["data"]));
        (await jetStream.PublishAsync("data", text)).EnsureSuccess();
    }
}
