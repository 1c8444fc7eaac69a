using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>One server, and one application that sends orders to a work queue and handles them.</summary>
public sealed class OrdersOnJetStream : IAsyncDisposable
{
    public const string Subject = "orders.placed";
    public const string Stream = "ORDERS";
    public const string Consumer = "order-workers";
    public const string DeadLetterStream = "ORDERS_DLQ";

    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);

    private OrdersOnJetStream(NatsServer server, IHost host) => (Server, Host) = (server, host);

    public NatsServer Server { get; }

    public IHost Host { get; }

    public static async Task<OrdersOnJetStream> StartAsync(
        Action<NatsListenerConfiguration>? listener = null, Action<NatsTransportExpression>? nats = null, string server = "")
    {
        var running = await NatsServer.StartAsync(server);
        return new OrdersOnJetStream(running, await StartHostAsync(running.Url, listener, nats));
    }

    public static Task<IHost> StartHostAsync(
        string url, Action<NatsListenerConfiguration>? listener = null, Action<NatsTransportExpression>? nats = null) => QuietHost.StartAsync(
        url,
        (options, transport) =>
        {
            transport.DefineWorkQueueStream(Stream, "orders.>");
            nats?.Invoke(transport);
            options.UnknownMessageBehavior = UnknownMessageBehavior.DeadLetterQueue;
            options.PublishMessage<Order>().ToNatsSubject(Subject).SendInline();
            var endpoint = options.ListenToNatsSubject("orders.>").UseJetStream(Stream, Consumer);
            listener?.Invoke(endpoint);
        },
        typeof(OrderHandler));

    /// <summary>Sends an order; returns when the stream has it.</summary>
    public async Task<Order> PlaceAsync(int milliseconds = 0)
    {
        var order = Order.New(milliseconds);
        await Host.Bus().PublishAsync(order);
        return order;
    }

    public async Task<T> OnJetStreamAsync<T>(Func<NatsJSContext, Task<T>> ask)
    {
        await using var connection = Server.Connect();
        return await ask(new NatsJSContext(connection));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync();
        Host.Dispose();
        await Server.DisposeAsync();
    }
}
