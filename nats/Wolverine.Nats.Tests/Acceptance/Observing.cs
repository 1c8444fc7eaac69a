using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.ErrorHandling;
using Wolverine.Nats.Sending;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Observing : IAsyncLifetime
{
    private const string Subject = "observed.orders";
    private readonly string _stream = $"OBSERVED_{Guid.NewGuid():N}";
    private readonly Telemetry _telemetry = new();
    private NatsServer _server = null!;
    private IHost _host = null!;

    private (string, object) OnStream => ("messaging.destination.name", _stream);

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.StartAsync();
        _host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.DefineStream(_stream, stream => stream.WithSubjects("observed.>").WithLimits(maxMessages: 3));
                options.OnAnyException().Requeue(maxAttempts: 5);
                options.PublishAllMessages().ToNatsSubject(Subject).SendInline();
                options.ListenToNatsSubject(Subject).UseJetStream(_stream, "watchers").DeadLetterTo("dead.observed");
            },
            typeof(OrderHandler),
            typeof(FragileHandler));
    }

    [Fact]
    public async Task one_trace_leads_from_the_sender_through_the_stream_to_the_settlement()
    {
        using var root = new Activity("request") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

        await _host.Bus().PublishAsync(Order.New());

        var settled = (await SpansAsync(root, "ack"))[0];
        var published = (await SpansAsync(root, "publish"))[0];
        var sent = (await SpansAsync(root, "send"))[0];
        (sent.ParentSpanId, published.ParentSpanId).ShouldBe((root.SpanId, sent.SpanId));
        (published.Kind, settled.Kind).ShouldBe((ActivityKind.Producer, ActivityKind.Client));
        TagsOf(published).ShouldBe(("nats", "publish", "send", _stream, Subject));
        TagsOf(settled).ShouldBe(("nats", "ack", "settle", _stream, Subject));
        (await _server.ReadAsync(_stream))[0].Header("traceparent").ShouldBe(root.Id);
    }

    [Fact]
    public async Task publishing_delivering_and_settling_are_measured()
    {
        var order = Order.New();

        await _host.Bus().PublishAsync(order);

        await MeasuredAsync("messaging.client.operation.duration", OnStream, ("messaging.operation.name", "ack"));
        _telemetry.Of("messaging.client.operation.duration", OnStream, ("messaging.operation.name", "publish"))
            .ShouldHaveSingleItem().ShouldBeInRange(0, 10);
        _telemetry.Of("messaging.client.sent.messages", OnStream, ("messaging.system", "nats")).ShouldBe([1]);
        _telemetry.Of("messaging.client.consumed.messages", OnStream, ("messaging.system", "nats")).ShouldBe([1]);
        _telemetry.Of("wolverine.nats.consumer.pending", OnStream, ("messaging.consumer.group.name", "watchers")).ShouldBe([0]);
    }

    [Fact]
    public async Task redeliveries_and_dead_letters_are_counted()
    {
        await _host.Bus().PublishAsync(Fragile.New(failures: 1));
        await using var connection = _server.Connect();
        await new NatsJSContext(connection).PublishAsync(Subject, "poison");

        await MeasuredAsync("wolverine.nats.redeliveries", OnStream, ("messaging.consumer.group.name", "watchers"));
        await MeasuredAsync("wolverine.nats.dead_letters", OnStream, ("messaging.consumer.group.name", "watchers"));
        await MeasuredAsync("messaging.client.operation.duration", OnStream, ("messaging.operation.name", "nak"));
        await MeasuredAsync("messaging.client.operation.duration", OnStream, ("messaging.operation.name", "term"));
    }

    [Fact]
    public async Task a_publish_that_fails_is_an_error_in_traces_and_metrics()
    {
        using var root = new Activity("request") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        foreach (var order in Enumerable.Range(0, 3).Select(_ => Order.New()))
        {
            await _host.Bus().PublishAsync(order);
        }

        await Should.ThrowAsync<PublishRefusedException>(async () => await _host.Bus().PublishAsync(Order.New()));

        (await SpansAsync(root, "publish", count: 4))[^1].Status.ShouldBe(ActivityStatusCode.Error);
        await MeasuredAsync("messaging.client.sent.messages", OnStream, ("error.type", nameof(PublishRefusedException)));
    }

    [Fact]
    public async Task a_connection_that_is_made_again_is_counted()
    {
        await _server.RestartAsync();

        await MeasuredAsync("wolverine.nats.reconnects", ("server.address", $"127.0.0.1:{_server.Port}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _server.DisposeAsync();
        _telemetry.Dispose();
    }

    private static (object? System, object? Name, object? Type, object? Stream, object? Subject) TagsOf(Activity activity) => (
        activity.GetTagItem("messaging.system"),
        activity.GetTagItem("messaging.operation.name"),
        activity.GetTagItem("messaging.operation.type"),
        activity.GetTagItem("messaging.destination.name"),
        activity.GetTagItem("messaging.nats.subject"));

    private Task<IReadOnlyList<Activity>> SpansAsync(Activity root, string name, int count = 1) => Eventually.Async(
        () => Task.FromResult(_telemetry.Of(root.TraceId, name)),
        found => found.Count >= count,
        OrdersOnJetStream.Recovery,
        $"the trace has the span {name}");

    private Task MeasuredAsync(string instrument, params (string, object)[] tags) => Eventually.Async(
        () => _telemetry.Of(instrument, tags).Count > 0, OrdersOnJetStream.Recovery, $"{instrument} is measured");
}
