using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;

namespace Wolverine.Nats.Tests.Servers;

public sealed class MessageReadingTests : IAsyncLifetime
{
    private NatsServer _nats = null!;
    private NatsConnection _connection = null!;
    private NatsJSContext _jetStream = null!;
    private INatsJSStream _stream = null!;

    public async ValueTask InitializeAsync()
    {
        _nats = await NatsServer.StartAsync();
        _connection = _nats.Connect();
        _jetStream = new NatsJSContext(_connection);
        _stream = await _jetStream.CreateStreamAsync(new StreamConfig("DATA", ["data.>"]) { Retention = StreamConfigRetention.Workqueue });
    }

    [Fact]
    public async Task an_empty_stream_has_no_messages() => (await _nats.ReadAsync("DATA")).ShouldBeEmpty();

    [Fact]
    public async Task a_message_is_read_as_it_was_stored_and_stays()
    {
        await _jetStream.PublishAsync("data.a", """{"n":1}""", headers: new NatsHeaders { ["Kind"] = "first" });
        await _jetStream.PublishAsync("data.b", "no header");

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var messages = await _nats.ReadAsync("DATA");
            messages.Select(message => (message.Subject, message.Data, message.Header("Kind")))
                .ShouldBe([("data.a", """{"n":1}""", "first"), ("data.b", "no header", null)]);
            messages[0].Json().GetProperty("n").GetInt32().ShouldBe(1);
        }
    }

    [Fact]
    public async Task messages_that_were_removed_leave_only_gaps()
    {
        foreach (var number in Enumerable.Range(1, 6))
        {
            await _jetStream.PublishAsync("data.a", $"{number}");
        }

        foreach (var sequence in new ulong[] { 1, 3, 4, 6 })
        {
            await _stream.DeleteMessageAsync(new StreamMsgDeleteRequest { Seq = sequence });
        }

        (await _nats.ReadAsync("DATA")).Select(message => message.Data).ShouldBe(["2", "5"]);
    }

    [Fact]
    public async Task a_stream_that_does_not_exist_is_told_at_once() =>
        (await Should.ThrowAsync<NatsJSApiException>(() => _nats.ReadAsync("OTHER"))).Error.Code.ShouldBe(404);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _nats.DisposeAsync();
    }
}
