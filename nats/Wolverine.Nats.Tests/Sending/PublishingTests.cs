using System.Buffers;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Tests.Sending;

public sealed class PublishingTests : IAsyncLifetime
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{}");
    private NatsServer _nats = null!;
    private NatsConnection _connection = null!;
    private NatsJSContext _jetStream = null!;
    private JetStreamPublisher _publisher = null!;

    public async ValueTask InitializeAsync()
    {
        _nats = await NatsServer.StartAsync("max_payload: 64KB");
        _connection = _nats.Connect();
        await _connection.ConnectAsync();
        _jetStream = new NatsJSContext(_connection);
        _publisher = new JetStreamPublisher(_connection, new PermissionRefusals(_connection, hasUser: false));
        await _jetStream.CreateStreamAsync(new StreamConfig("GOOD", ["good.>"]));
        await _jetStream.CreateStreamAsync(new StreamConfig("FULL", ["full.>"]) { MaxMsgs = 1, Discard = StreamConfigDiscard.New });
        await _jetStream.CreateStreamAsync(new StreamConfig("SMALL", ["small.>"]) { MaxMsgSize = 100 });
    }

    [Fact]
    public async Task a_publish_returns_when_it_is_stored_and_a_repeat_is_no_error()
    {
        (await PublishAsync("good.a", "id-1", "GOOD")).ShouldBeTrue();
        (await PublishAsync("good.a", "id-1", "GOOD")).ShouldBeFalse();

        (await _jetStream.GetStreamAsync("GOOD")).Info.State.Messages.ShouldBe(1);
    }

    [Fact]
    public async Task a_full_stream_refuses_for_now()
    {
        await PublishAsync("full.a", "id-1", "FULL");

        var refused = await Should.ThrowAsync<PublishRefusedException>(() => PublishAsync("full.a", "id-2", "FULL"));

        refused.Code.ShouldBe(10077);
        refused.Permanent.ShouldBeFalse();
        refused.Message.ShouldBe("The publish to 'full.a' was refused by stream 'FULL': maximum messages exceeded (10077). The stream is at its limit: raise it or let consumers catch up; it is published again until then.");
    }

    [Fact]
    public async Task a_message_larger_than_the_stream_or_the_server_takes_is_refused_for_ever()
    {
        var byStream = await Should.ThrowAsync<PublishRefusedException>(() =>
            _publisher.PublishAsync("small.a", new byte[200], new NatsHeaders(), "id-1", "SMALL", default));
        var byServer = await Should.ThrowAsync<PublishRefusedException>(() =>
            _publisher.PublishAsync("good.a", new byte[65 * 1024], new NatsHeaders(), "id-2", "GOOD", default));

        byStream.Permanent.ShouldBeTrue();
        byServer.Permanent.ShouldBeTrue();
        (await PublishAsync("good.a", "id-3", "GOOD")).ShouldBeTrue();
    }

    [Fact]
    public async Task another_stream_than_the_one_meant_is_refused_until_that_is_put_right()
    {
        var refused = await Should.ThrowAsync<PublishRefusedException>(() => PublishAsync("good.a", "id-1", "FULL"));

        refused.Permanent.ShouldBeFalse();
    }

    [Fact]
    public async Task no_answer_means_unknown_and_names_the_subject()
    {
        var unknown = await Should.ThrowAsync<PublishUnknownException>(() => PublishAsync("nobody.listens", "id-1", null));

        unknown.Subject.ShouldBe("nobody.listens");
        unknown.Message.ShouldContain("nobody.listens");
    }

    [Fact]
    public async Task each_of_many_that_are_published_together_has_its_own_outcome()
    {
        await PublishAsync("good.a", "id-1", null);
        await PublishAsync("full.a", "id-2", null);

        var outcomes = await _publisher.PublishAllAsync(
            [
                Publication("good.a", "id-3"),
                Publication("nobody.listens", "id-4"),
                Publication("good.a", "id-1"),
                Publication("full.a", "id-5"),
                Publication("good.a", "id-6", new byte[65 * 1024]),
                Publication("good.a", "id-7"),
            ],
            stream: null,
            CancellationToken.None);

        outcomes.Select(outcome => (outcome.Duplicate, outcome.Fault?.GetType())).ShouldBe(
        [
            (false, null),
            (false, typeof(PublishUnknownException)),
            (true, null),
            (false, typeof(PublishRefusedException)),
            (false, typeof(PublishRefusedException)),
            (false, null),
        ]);
        (await _jetStream.GetStreamAsync("GOOD")).Info.State.Messages.ShouldBe(3);
    }

    [Fact]
    public async Task one_that_the_client_can_not_write_keeps_none_of_its_neighbours()
    {
        var unwritable = new Publication("good.a", Body, new NatsHeaders { ["two words"] = "value" }, "id-2");

        var outcomes = await _publisher.PublishAllAsync([Publication("good.a", "id-1"), unwritable, Publication("good.a", "id-3")], "GOOD", CancellationToken.None);

        outcomes.Select(outcome => outcome.Fault?.GetType()).ShouldBe([null, typeof(PublishUnknownException), null]);
    }

    [Fact]
    public async Task acks_are_heard_when_whoever_published_first_has_ended()
    {
        using var ended = new CancellationTokenSource();
        await _publisher.PublishAsync("good.a", Body, new NatsHeaders(), "id-1", "GOOD", ended.Token);
        await ended.CancelAsync();

        (await PublishAsync("good.a", "id-2", "GOOD")).ShouldBeTrue();
    }

    [Fact]
    public async Task acks_are_heard_again_after_the_connection_was_lost()
    {
        await PublishAsync("good.a", "id-1", "GOOD");
        await _nats.RestartAsync();

        await Eventually.Async(IsConfirmedAsync, confirmed => confirmed, TimeSpan.FromSeconds(30), "the stream confirms again");

        async Task<bool> IsConfirmedAsync()
        {
            try
            {
                return await PublishAsync("good.a", Guid.NewGuid().ToString(), "GOOD");
            }
            catch (PublishUnknownException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("""{"stream":"S","seq":7}""", "Stored", 0)]
    [InlineData("""{"stream":"S","seq":7,"duplicate":true}""", "Duplicate", 0)]
    [InlineData("""{"duplicate":true,"seq":7,"stream":"S"}""", "Duplicate", 0)]
    [InlineData("""{"error":{"code":503,"err_code":10077,"description":"maximum messages exceeded"},"stream":"S","seq":0}""", "Refused", 10077)]
    [InlineData("""{"stream":"S","seq":0,"error":{"description":"no","err_code":10060}}""", "Refused", 10060)]
    [InlineData("", "None", 0)]
    [InlineData("+OK", "None", 0)]
    [InlineData("""{"seq":""", "None", 0)]
    public void an_ack_says_what_became_of_a_publish(string json, string kind, int code)
    {
        var ack = PublishAck.Reader.Instance.Deserialize(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));

        (ack.Kind.ToString(), ack.ErrorCode).ShouldBe((kind, code));
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _connection.DisposeAsync();
        await _nats.DisposeAsync();
    }

    private static Publication Publication(string subject, string id, byte[]? body = null) => new(subject, body ?? Body, [], id);

    private Task<bool> PublishAsync(string subject, string id, string? stream) =>
        _publisher.PublishAsync(subject, Body, new NatsHeaders(), id, stream, default);
}
