using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Provisioning;
using Wolverine.Nats.Receiving;

namespace Wolverine.Nats.Tests.Receiving;

public sealed class SettlementTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // The server keeps one time for each delivery: a renewal sets it to a whole lease, whatever delay was asked for just before.
    [Fact]
    public async Task what_is_given_back_while_its_lease_is_renewed_comes_again_after_the_delay()
    {
        var consumer = new ConsumerDeclaration("ORDERS", "workers", "orders", TimeSpan.FromMinutes(10), 100, DeliverPolicy: null);
        await using var server = await NatsServer.StartAsync();
        await using var connection = server.Connect();
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(new StreamConfig(consumer.Stream, [consumer.Filter]));
        var workers = await jetStream.CreateOrUpdateConsumerAsync(consumer.Stream, consumer.ToConsumerConfig(existing: null));
        (await jetStream.PublishAsync(consumer.Filter, "1")).EnsureSuccess();
        var delivery = (await workers.NextAsync<byte[]>())!;
        var envelope = new NatsEnvelope(delivery, new Unsettled(places: 1, untilHandled: true));

        envelope.TryBeginRenewal().ShouldBeTrue();
        envelope.TrySettle().ShouldBeTrue();
        var givingBack = new Settlement(consumer, NullLogger.Instance).NakAsync(envelope, TimeSpan.FromMilliseconds(500)).AsTask();
        await delivery.AckProgressAsync();
        envelope.EndRenewal(renewed: true);
        await givingBack;

        var again = await workers.NextAsync<byte[]>(opts: new NatsJSNextOpts { Expires = Limit });
        again.ShouldNotBeNull().Metadata!.Value.NumDelivered.ShouldBe(2ul);
    }
}
