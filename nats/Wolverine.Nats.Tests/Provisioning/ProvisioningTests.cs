using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Provisioning;

namespace Wolverine.Nats.Tests.Provisioning;

public sealed class ProvisioningTests : IAsyncLifetime
{
    private NatsServer _nats = null!;
    private NatsBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _nats = await NatsServer.StartAsync();
        _broker = new NatsBroker(new NatsTransportConfiguration { ConnectionString = _nats.Url }, "test", NullLoggerFactory.Instance);
        await _broker.ConnectAsync(needsJetStream: true);
    }

    [Fact]
    public async Task a_missing_stream_is_made_and_a_changed_one_is_updated()
    {
        (await _broker.Streams.DifferencesAsync(Orders(), default)).ShouldBe(["it does not exist"]);

        await _broker.Streams.ProvisionAsync(Orders(), default);
        (await _broker.Streams.DifferencesAsync(Orders(), default)).ShouldBeEmpty();

        var changed = Orders(stream => stream.MaxAge = TimeSpan.FromDays(7));
        (await _broker.Streams.DifferencesAsync(changed, default)).ShouldHaveSingleItem().ShouldBe("max age is 00:00:00, declared 7.00:00:00");
        await _broker.Streams.ProvisionAsync(changed, default);
        (await _broker.Streams.DifferencesAsync(changed, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_subject_is_added_to_an_existing_stream_and_none_is_taken_away()
    {
        await _broker.JetStream.CreateStreamAsync(new StreamConfig("ORDERS", ["others.>", "orders.old"]) { Discard = StreamConfigDiscard.New });

        await _broker.Streams.ProvisionAsync(Orders(), default);

        var found = await _broker.JetStream.GetStreamAsync("ORDERS");
        found.Info.Config.Subjects!.Order().ShouldBe(["orders.>", "others.>"]);
    }

    [Fact]
    public async Task what_is_not_declared_stays_as_somebody_set_it()
    {
        await _broker.JetStream.CreateStreamAsync(new StreamConfig("ORDERS", ["orders.>"])
        {
            Description = "the operator's",
            MaxConsumers = 7,
            Republish = new Republish { Src = "orders.>", Dest = "copies.>" },
            Discard = StreamConfigDiscard.New,
        });

        await _broker.Streams.ProvisionAsync(Orders(stream => stream.MaxAge = TimeSpan.FromDays(7)), default);

        var found = (await _broker.JetStream.GetStreamAsync("ORDERS")).Info.Config;
        found.MaxAge.ShouldBe(TimeSpan.FromDays(7));
        (found.Description, found.MaxConsumers, found.Republish?.Dest).ShouldBe(("the operator's", 7, "copies.>"));
    }

    [Fact]
    public async Task a_difference_that_the_server_does_not_let_go_of_is_told()
    {
        await _broker.JetStream.CreateStreamAsync(new StreamConfig("ORDERS", ["orders.>"]) { Storage = StreamConfigStorage.Memory });

        var fault = await Should.ThrowAsync<Exception>(() => _broker.Streams.ProvisionAsync(Orders(), default));

        fault.Message.ShouldContain("storage");
    }

    [Fact]
    public async Task a_stream_that_nobody_declared_is_taken_as_it_is_when_it_captures_the_subject()
    {
        await _broker.JetStream.CreateStreamAsync(new StreamConfig("ORDERS", ["orders.>"]) { Storage = StreamConfigStorage.Memory });

        await _broker.Streams.ProvisionAsync(Orders() with { Implied = true }, default);
        var mismatch = await Should.ThrowAsync<TopologyMismatchException>(
            () => _broker.Streams.ProvisionAsync(Orders() with { Implied = true, Subjects = ["elsewhere"] }, default));

        mismatch.Message.ShouldContain("subjects are orders.>, declared also elsewhere");
    }

    [Fact]
    public async Task a_consumer_is_made_read_back_found_different_and_updated()
    {
        await _broker.Streams.ProvisionAsync(Orders(), default);
        var consumer = new ConsumerDeclaration("ORDERS", "workers", "orders.>", TimeSpan.FromSeconds(30), 100, DeliverPolicy: null);

        await _broker.Consumers.ProvisionAsync(consumer, default);

        (await _broker.Consumers.DifferencesAsync(consumer, default)).ShouldBeEmpty();
        var changed = consumer with { AckWait = TimeSpan.FromSeconds(5), DeliverPolicy = ConsumerConfigDeliverPolicy.New };
        (await _broker.Consumers.DifferencesAsync(changed, default))
            .ShouldHaveSingleItem().ShouldBe("ack wait is 00:00:30, declared 00:00:05");
        var made = await _broker.Consumers.ProvisionAsync(changed, default);
        made.Info.Config.AckWait.ShouldBe(TimeSpan.FromSeconds(5));
        made.Info.Config.DeliverPolicy.ShouldBe(ConsumerConfigDeliverPolicy.All);
    }

    /// <summary>What somebody may have changed, and how the difference begins.</summary>
    private static readonly Dictionary<string, Action<ConsumerConfig>> Changes = new()
    {
        ["headers only is True"] = consumer => consumer.HeadersOnly = true,
        ["inactive threshold is 01:00:00"] = consumer => consumer.InactiveThreshold = TimeSpan.FromHours(1),
        ["max batch is 1"] = consumer => consumer.MaxBatch = 1,
        ["max expires is 00:00:01"] = consumer => consumer.MaxExpires = TimeSpan.FromSeconds(1),
        ["max bytes is 100"] = consumer => consumer.MaxBytes = 100,
        ["backoff is 00:00:30, 00:01:00"] = consumer => (consumer.Backoff, consumer.MaxDeliver) = ([TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1)], 3),
        ["replicas is 1"] = consumer => consumer.NumReplicas = 1,
    };

    public static TheoryData<string> Differences => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task what_somebody_changed_of_a_consumer_is_told_and_set_right(string difference)
    {
        await _broker.Streams.ProvisionAsync(Orders(), default);
        var consumer = new ConsumerDeclaration("ORDERS", "workers", "orders.>", TimeSpan.FromSeconds(30), 100, DeliverPolicy: null) { Batch = 100 };
        var changed = consumer.ToConsumerConfig(existing: null);
        Changes[difference](changed);
        await _broker.JetStream.CreateOrUpdateConsumerAsync("ORDERS", changed);

        (await _broker.Consumers.DifferencesAsync(consumer, default)).ShouldContain(found => found.StartsWith(difference, StringComparison.Ordinal));
        await _broker.Consumers.ProvisionAsync(consumer, default);

        (await _broker.Consumers.DifferencesAsync(consumer, default)).ShouldBeEmpty();
    }

    // Servers let it change until some version after 2.10.
    [Fact]
    public async Task a_consumer_in_memory_is_set_right_or_told_with_the_servers_reason()
    {
        await _broker.Streams.ProvisionAsync(Orders(), default);
        var consumer = new ConsumerDeclaration("ORDERS", "workers", "orders.>", TimeSpan.FromSeconds(30), 100, DeliverPolicy: null);
        var changed = consumer.ToConsumerConfig(existing: null);
        changed.MemStorage = true;
        await _broker.JetStream.CreateOrUpdateConsumerAsync("ORDERS", changed);

        var refusal = await Record.ExceptionAsync(() => _broker.Consumers.ProvisionAsync(consumer, default));

        var left = await _broker.Consumers.DifferencesAsync(consumer, default);
        if (refusal is null)
        {
            left.ShouldBeEmpty();
        }
        else
        {
            var difference = left.ShouldHaveSingleItem();
            difference.ShouldStartWith("memory storage is True");
            refusal.ShouldBeOfType<TopologyMismatchException>().Differences.ShouldBe([difference, "the server says: storage type can not be updated"]);
        }
    }

    // The server never lets it change, and it says only how many pulls may wait.
    [Fact]
    public async Task a_consumer_keeps_how_many_pulls_may_wait()
    {
        await _broker.Streams.ProvisionAsync(Orders(), default);
        var consumer = new ConsumerDeclaration("ORDERS", "workers", "orders.>", TimeSpan.FromSeconds(30), 100, DeliverPolicy: null);
        var made = consumer.ToConsumerConfig(existing: null);
        made.MaxWaiting = 64;
        await _broker.JetStream.CreateOrUpdateConsumerAsync("ORDERS", made);

        var updated = await _broker.Consumers.ProvisionAsync(consumer with { AckWait = TimeSpan.FromSeconds(5) }, default);

        updated.Info.Config.AckWait.ShouldBe(TimeSpan.FromSeconds(5));
        updated.Info.Config.MaxWaiting.ShouldBe(64);
    }

    // As a restoration makes it whose messages have gone on.
    [Fact]
    public async Task a_consumer_that_began_at_a_sequence_is_updated_and_keeps_it()
    {
        await _broker.Streams.ProvisionAsync(Orders(), default);
        var consumer = new ConsumerDeclaration("ORDERS", "workers", "orders.>", TimeSpan.FromSeconds(30), 100, DeliverPolicy: null);
        var begun = consumer.ToConsumerConfig(existing: null);
        (begun.DeliverPolicy, begun.OptStartSeq) = (ConsumerConfigDeliverPolicy.ByStartSequence, 5);
        await _broker.JetStream.CreateOrUpdateConsumerAsync("ORDERS", begun);

        var made = await _broker.Consumers.ProvisionAsync(consumer with { AckWait = TimeSpan.FromSeconds(5) }, default);

        made.Info.Config.AckWait.ShouldBe(TimeSpan.FromSeconds(5));
        made.Info.Config.OptStartSeq.ShouldBe(5UL);
    }

    [Fact]
    public async Task a_consumer_that_may_not_be_made_is_required_to_be_there()
    {
        await _broker.Streams.ProvisionAsync(Orders(), default);
        var consumer = new ConsumerDeclaration("ORDERS", "workers", "orders.>", TimeSpan.FromSeconds(30), 100, DeliverPolicy: null);

        var mismatch = await Should.ThrowAsync<TopologyMismatchException>(() => _broker.Consumers.RequireAsync(consumer, default));

        mismatch.Message.ShouldContain("it does not exist");
    }

    [Fact]
    public void a_work_queue_that_would_drop_what_it_accepted_is_refused() =>
        Should.Throw<TopologyDeclarationException>(() => new StreamConfiguration { Name = "ORDERS", DiscardPolicy = StreamConfigDiscard.Old }
            .AsWorkQueue().WithSubjects("orders.>").Validate());

    /// <summary>A server lets no stream with schedules refuse messages (since 2.12).</summary>
    [Fact]
    public void a_stream_with_schedules_that_would_drop_what_it_accepted_is_refused() =>
        Should.Throw<TopologyDeclarationException>(() => new StreamConfiguration { Name = "ORDERS", MaxMessages = 100 }
            .WithSubjects("orders").EnableScheduledDelivery().Validate()).Message.ShouldContain("leave out MaxMessages");

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _nats.DisposeAsync();
    }

    private static StreamDeclaration Orders(Action<StreamConfiguration>? configure = null)
    {
        var stream = new StreamConfiguration { Name = "ORDERS" }.WithSubjects("orders.>");
        configure?.Invoke(stream);
        return new StreamDeclaration(stream, ["orders.>"], TimeSpan.FromMinutes(2));
    }
}
