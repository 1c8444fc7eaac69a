using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.ErrorHandling;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Runtime;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Stopping
{
    private const int HangingMilliseconds = 60_000;
    private static readonly TimeSpan AckWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongAckWait = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task what_has_finished_while_the_application_stops_is_not_delivered_again()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(FiftyAtOnce);
        var placed = await PlaceAsync(orders, count: 200, milliseconds: 100);
        await Eventually.Async(() => Finished(placed) >= 20, OrdersOnJetStream.Recovery, "work is in flight");

        await orders.Host.StopAsync();
        var finished = placed.Where(order => Received.Of(order.Id).Count > 0).ToArray();
        finished.Length.ShouldBeInRange(20, 199);
        using var next = await OrdersOnJetStream.StartHostAsync(orders.Server.Url, FiftyAtOnce);

        foreach (var order in placed)
        {
            await Received.WaitAsync(order.Id);
        }

        await QueueIsEmptyAsync(orders);
        finished.ShouldAllBe(order => Received.Of(order.Id).Count == 1);
        await next.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_hangs_in_its_handler_when_the_application_stops_is_given_back(bool inline)
    {
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => (inline ? listener.ProcessInline() : listener).UseJetStream(configure: consumer => consumer.AckWait = LongAckWait));
        await orders.PlaceAsync(milliseconds: HangingMilliseconds);
        await TakenAsync(orders, 1);
        DrainAtMost(orders, TimeSpan.FromSeconds(1));

        await orders.Host.StopAsync();
        orders.Host.Dispose();

        await ComesAgainAsync(orders);
    }

    [Fact]
    public async Task what_hangs_in_its_handler_since_before_its_listener_was_paused_is_given_back()
    {
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => listener.UseJetStream(configure: consumer => consumer.AckWait = LongAckWait));
        await orders.PlaceAsync(milliseconds: HangingMilliseconds);
        await TakenAsync(orders, 1);
        DrainAtMost(orders, TimeSpan.FromSeconds(1));
        var runtime = orders.Host.Services.GetRequiredService<IWolverineRuntime>();
        await runtime.Endpoints.ActiveListeners().Single(listener => listener.Uri.ToString().Contains("orders", StringComparison.Ordinal))
            .PauseAsync(TimeSpan.FromHours(1));

        await orders.Host.StopAsync();
        orders.Host.Dispose();

        await ComesAgainAsync(orders);
    }

    [Fact]
    public async Task what_waits_in_memory_when_the_application_stops_is_handled_by_the_next()
    {
        static void Buffered(NatsListenerConfiguration listener) => listener.BufferedInMemory().MaximumParallelMessages(1);
        await using var orders = await OrdersOnJetStream.StartAsync(Buffered);
        var placed = await PlaceAsync(orders, count: 20, milliseconds: 200);
        await QueueIsEmptyAsync(orders);
        Finished(placed).ShouldBeLessThan(placed.Length);

        await orders.Host.StopAsync();
        using var next = await OrdersOnJetStream.StartHostAsync(orders.Server.Url, Buffered);

        foreach (var order in placed)
        {
            await Received.WaitAsync(order.Id);
        }

        placed.ShouldAllBe(order => Received.Of(order.Id).Count == 1);
        await next.StopAsync();
    }

    [Fact]
    public async Task what_fails_in_memory_while_the_application_stops_and_is_requeued_is_handled_by_the_next()
    {
        await using var server = await NatsServer.StartAsync();
        Task<IHost> StartAsync() => QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.DefineWorkQueueStream("ENDINGS", "endings");
                options.PublishMessage<Ending>().ToNatsSubject("endings").SendInline();
                options.ListenToNatsSubject("endings").UseJetStream("ENDINGS", "ending-workers").BufferedInMemory();
                options.OnException<UnfinishedException>().Requeue();
            },
            typeof(EndingHandler));
        using var host = await StartAsync();
        var ending = new Ending(Guid.NewGuid());
        await host.Bus().PublishAsync(ending);
        await Eventually.Async(() => EndingHandler.Begun.ContainsKey(ending.Id), OrdersOnJetStream.Recovery, "it is being handled");

        await host.StopAsync();
        using var next = await StartAsync();

        await Received.WaitAsync(ending.Id);
        await next.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_handler_that_takes_three_times_the_ack_wait_gets_its_message_once(bool inline)
    {
        await using var orders = await OrdersOnJetStream.StartAsync(
            listener => (inline ? listener.ProcessInline() : listener).UseJetStream(configure: consumer => consumer.AckWait = AckWait));

        var slow = await orders.PlaceAsync(milliseconds: (int)(AckWait.TotalMilliseconds * 3));
        var next = await orders.PlaceAsync();

        await Received.WaitAsync(slow.Id);
        await Received.WaitAsync(next.Id);
        await QueueIsEmptyAsync(orders);
        (Received.Of(slow.Id).Count, Received.Of(next.Id).Count).ShouldBe((1, 1));
        (await ConsumerAsync(orders)).Info.Delivered.ConsumerSeq.ShouldBe(2ul);
    }

    [Fact]
    public async Task an_application_that_listens_ends_although_the_server_has_stopped_reading()
    {
        const int enoughToFillTheSocket = 64;
        await using var server = await NatsServer.StartAsync();
        var host = await QuietHost.StartAsync(server.Url, (options, _) => options.ListenToNatsSubject("heard"), typeof(OrderHandler));
        server.Suspend();
        var connection = host.Nats().Connection;
        var unheard = Enumerable.Range(0, enoughToFillTheSocket).Select(_ => connection.PublishAsync("unheard", new byte[512 * 1024]).AsTask()).ToArray();
        await Eventually.Async(() => unheard.Any(publish => publish.IsFaulted), OrdersOnJetStream.Recovery, "the client can't write");

        await Should.NotThrowAsync(() => host.StopAsync());
        await Should.NotThrowAsync(async () => await ((IAsyncDisposable)host).DisposeAsync());
    }

    private static void FiftyAtOnce(NatsListenerConfiguration listener) => listener.MaximumParallelMessages(50);

    private static Task<INatsJSConsumer> ConsumerAsync(OrdersOnJetStream orders) =>
        orders.OnJetStreamAsync(async jetStream => await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer));

    private static void DrainAtMost(OrdersOnJetStream orders, TimeSpan limit) =>
        orders.Host.Services.GetRequiredService<IWolverineRuntime>().DurabilitySettings.DrainTimeout = limit;

    private static Task TakenAsync(OrdersOnJetStream orders, int count) => Eventually.Async(
        async () => (await ConsumerAsync(orders)).Info.NumAckPending, taken => taken == count, OrdersOnJetStream.Recovery, $"{count} are being handled");

    private static async Task ComesAgainAsync(OrdersOnJetStream orders)
    {
        var again = await orders.OnJetStreamAsync(
            async jetStream => await (await jetStream.GetConsumerAsync(OrdersOnJetStream.Stream, OrdersOnJetStream.Consumer))
                .NextAsync<byte[]>(opts: new NatsJSNextOpts { Expires = OrdersOnJetStream.Recovery }));
        again.ShouldNotBeNull().Metadata!.Value.NumDelivered.ShouldBe(2ul);
    }

    private static int Finished(IEnumerable<Order> orders) => orders.Count(order => Received.Of(order.Id).Count > 0);

    private static async Task<Order[]> PlaceAsync(OrdersOnJetStream orders, int count, int milliseconds) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => orders.PlaceAsync(milliseconds)));

    private static Task QueueIsEmptyAsync(OrdersOnJetStream orders) => Eventually.Async(
        () => orders.OnJetStreamAsync(async jetStream => (await jetStream.GetStreamAsync(OrdersOnJetStream.Stream)).Info.State.Messages),
        left => left == 0,
        TimeSpan.FromSeconds(15),
        "everything is settled");

    public sealed record Ending(Guid Id);

    public sealed class UnfinishedException : Exception;

    /// <summary>Fails when its application has begun to stop, the first time.</summary>
    public static class EndingHandler
    {
        private static readonly TimeSpan UntilTheListenerStops = TimeSpan.FromSeconds(1);

        internal static readonly ConcurrentDictionary<Guid, bool> Begun = new();

        public static async Task Handle(Ending ending, Envelope envelope, IHostApplicationLifetime lifetime)
        {
            if (Begun.TryAdd(ending.Id, true))
            {
                await Task.Delay(Timeout.Infinite, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await Task.Delay(UntilTheListenerStops);
                throw new UnfinishedException();
            }

            Received.Add(ending.Id, envelope);
        }
    }
}
