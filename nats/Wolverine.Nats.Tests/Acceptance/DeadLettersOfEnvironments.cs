using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Where dead letters go when the application's subjects are not those that the server sees.</summary>
public sealed class DeadLettersOfEnvironments
{
    [Theory]
    [InlineData(null, "dev.dlq.fragile")]
    [InlineData("dead", "dev.dead")]
    public async Task with_a_subject_prefix_they_are_stored_behind_it(string? subject, string stored)
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.WithSubjectPrefix("dev").DefineWorkQueueStream("FRAGILE", "fragile");
                options.PublishMessage<Fragile>().ToNatsSubject("fragile").SendInline();
                var listener = options.ListenToNatsSubject("fragile").UseJetStream("FRAGILE", "workers");
                _ = subject is null ? listener : listener.DeadLetterTo(subject);
            },
            typeof(FragileHandler));

        await host.Bus().PublishAsync(Fragile.New(failures: 10));

        await StoredAsync(server, stored);
        await host.StopAsync();
    }

    [Fact]
    public async Task with_a_subject_prefix_a_declared_stream_takes_them()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.WithSubjectPrefix("dev").DefineWorkQueueStream("FRAGILE", "fragile").DefineStream("FRAGILE_DLQ", stream => stream.WithSubjects("dlq.>"));
                options.PublishMessage<Fragile>().ToNatsSubject("fragile").SendInline();
                options.ListenToNatsSubject("fragile").UseJetStream("FRAGILE", "workers");
            },
            typeof(FragileHandler));

        await host.Bus().PublishAsync(Fragile.New(failures: 10));

        await StoredAsync(server, "dev.dlq.fragile");
        await host.StopAsync();
    }

    [Theory]
    [InlineData("acme", "dlq.tenants.acme.fragile")]
    [InlineData(null, "dlq.fragile")]
    public async Task those_of_tenants_on_the_shared_connection_are_stored_under_their_subjects(string? tenant, string stored)
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.UseTenantSubjectMapper(new DefaultTenantSubjectMapper("tenants")).AddTenant("acme");
                options.PublishMessage<Fragile>().ToNatsSubject("fragile").SendInline();
                options.ListenToNatsSubject("fragile").UseJetStream("FRAGILE", "workers");
            },
            typeof(FragileHandler));

        await host.Bus().PublishAsync(Fragile.New(failures: 10), new DeliveryOptions { TenantId = tenant });

        await StoredAsync(server, stored);
        await host.StopAsync();
    }

    [Fact]
    public async Task their_stream_has_as_many_copies_as_the_one_they_come_from()
    {
        await using var cluster = await NatsCluster.StartAsync();
        using var host = await OrdersOnJetStream.StartHostAsync(cluster.Url, nats: nats => nats
            .DefineWorkQueueStream(OrdersOnJetStream.Stream, stream => stream.WithReplicas(3), "orders.>"));

        (await host.Nats().JetStream.GetStreamAsync(OrdersOnJetStream.DeadLetterStream)).Info.Config.NumReplicas.ShouldBe(3);
        await host.StopAsync();
    }

    private static async Task StoredAsync(NatsServer server, string subject) => (await Eventually.Async(
        () => server.ReadAsync("FRAGILE_DLQ"), found => found.Count > 0, OrdersOnJetStream.Recovery, "it is stored")).ShouldHaveSingleItem().Subject.ShouldBe(subject);
}
