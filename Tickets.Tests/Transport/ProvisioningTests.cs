using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Tests.Fixtures;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Provisioning;

namespace Tickets.Tests.Transport;

public class ProvisioningTests
{
    private static readonly StreamConfiguration Declared = new() { Name = "ORDERS", Subjects = ["orders.>"] };

    [Fact]
    public async Task a_missing_stream_is_made_and_a_changed_one_is_updated()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var connection = nats.Connect();
        var streams = new StreamProvisioner(new NatsJSContext(connection));
        (await streams.DifferencesAsync(Declared, default)).ShouldBe(["it does not exist"]);

        await streams.ProvisionAsync(Declared, default);
        (await streams.DifferencesAsync(Declared, default)).ShouldBeEmpty();

        var changed = Declared with { MaxAge = TimeSpan.FromDays(7) };
        (await streams.DifferencesAsync(changed, default)).ShouldHaveSingleItem().ShouldBe("max age is 00:00:00, declared 7.00:00:00");
        await streams.ProvisionAsync(changed, default);
        (await streams.DifferencesAsync(changed, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_difference_that_the_server_does_not_let_go_of_is_told()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        var streams = new StreamProvisioner(jetStream);
        await jetStream.CreateStreamAsync(new StreamConfig("ORDERS", ["orders.>"]) { Storage = StreamConfigStorage.Memory });

        var fault = await Should.ThrowAsync<Exception>(() => streams.ProvisionAsync(Declared, default));

        fault.Message.ShouldContain("storage");
    }

    [Fact]
    public async Task a_consumer_is_made_read_back_and_found_different()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await new StreamProvisioner(jetStream).ProvisionAsync(Declared, default);
        var consumers = new ConsumerProvisioner(jetStream);
        var consumer = new ConsumerConfiguration { Name = "workers" };

        await consumers.ProvisionAsync("ORDERS", consumer, "orders.>", default);

        (await consumers.DifferencesAsync("ORDERS", consumer, "orders.>", default)).ShouldBeEmpty();
        consumer.AckWait = TimeSpan.FromSeconds(5);
        (await consumers.DifferencesAsync("ORDERS", consumer, "orders.>", default))
            .ShouldHaveSingleItem().ShouldBe("ack wait is 00:00:30, declared 00:00:05");
    }
}
