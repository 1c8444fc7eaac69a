using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class TenantsBySubject : IAsyncLifetime
{
    private static readonly DeliveryOptions Acme = new() { TenantId = "acme" };
    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync();

    [Theory]
    [InlineData(false, "")]
    [InlineData(false, "tenants.")]
    [InlineData(true, "tenants.")]
    public async Task a_tenant_has_its_own_subject_and_listeners_hear_all_of_them(bool jetStream, string prefix)
    {
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.ConfigureMultiTenancy(TenantedIdBehavior.FallbackToDefault).UseTenantSubjectMapper(Behind(prefix)).AddTenant("acme").AddTenant("zeta");
                options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
                var listener = options.ListenToNatsSubject("orders");
                _ = jetStream ? listener.UseJetStream() : listener;
            },
            typeof(OrderHandler));
        await using var wire = await Wire.TapAsync(_server, $"{prefix}*.orders");
        var (ofAcme, ofNobody) = (Order.New(), Order.New());

        await host.Bus().PublishAsync(ofAcme, Acme);
        await host.Bus().PublishAsync(ofNobody);

        (await Received.WaitAsync(ofAcme.Id))[0].TenantId.ShouldBe("acme");
        (await Received.WaitAsync(ofNobody.Id))[0].TenantId.ShouldBeNull();
        (await wire.OneAsync()).Subject.ShouldBe($"{prefix}acme.orders");
    }

    [Fact]
    public async Task a_stream_that_could_take_the_servers_own_subjects_is_refused_with_a_remedy()
    {
        Assert.SkipUnless(InstalledServer.Version >= new Version(2, 11), $"nats-server {InstalledServer.Version} keeps no subjects to itself.");
        var refused = await Should.ThrowAsync<Exception>(() => QuietHost.StartAsync(
            _server.Url, (_, nats) => nats.DefineStream("ORDERS", stream => stream.WithSubjects("*.orders"))));

        refused.GetBaseException().Message.ShouldContain("let a fixed token come first in '*.orders'");
    }

    [Fact]
    public async Task the_tenant_of_the_subject_wins_over_a_header()
    {
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.AddTenant("acme");
                options.ListenToNatsSubject("orders").DefaultIncomingMessage<Order>();
            },
            typeof(OrderHandler));
        await using var stranger = _server.Connect();
        var order = Order.New();

        await stranger.PublishAsync("acme.orders", $$"""{"id":"{{order.Id}}"}""", headers: new() { ["tenant-id"] = "evil" });

        (await Received.WaitAsync(order.Id))[0].TenantId.ShouldBe("acme");
    }

    [Fact]
    public async Task where_a_tenant_is_required_a_message_without_one_is_not_sent()
    {
        using var host = await QuietHost.StartAsync(_server.Url, (options, nats) =>
        {
            nats.ConfigureMultiTenancy(TenantedIdBehavior.TenantIdRequired).DefineStream("ORDERS", stream => stream.WithSubjects("tenants.*.orders"))
                .UseTenantSubjectMapper(new DefaultTenantSubjectMapper("tenants")).AddTenant("acme");
            options.PublishMessage<Order>().ToNatsSubject("orders").UseJetStream("ORDERS").SendInline();
        });

        await Should.ThrowAsync<ArgumentNullException>(async () => await host.Bus().PublishAsync(Order.New()));
        await host.Bus().PublishAsync(Order.New(), Acme);

        (await _server.ReadAsync("ORDERS")).ShouldHaveSingleItem().Subject.ShouldBe("tenants.acme.orders");
    }

    [Fact]
    public async Task a_mapper_of_ones_own_shapes_the_subjects()
    {
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.UseTenantSubjectMapper(new TenantLast()).AddTenant("acme");
                options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
                options.ListenToNatsSubject("orders");
            },
            typeof(OrderHandler));
        await using var wire = await Wire.TapAsync(_server, "orders.>");
        var order = Order.New();

        await host.Bus().PublishAsync(order, Acme);

        (await Received.WaitAsync(order.Id))[0].TenantId.ShouldBe("acme");
        (await wire.OneAsync()).Subject.ShouldBe("orders.acme");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static DefaultTenantSubjectMapper Behind(string prefix) => prefix.Length == 0 ? new() : new(prefix.TrimEnd('.'));

    private sealed class TenantLast : ITenantSubjectMapper
    {
        public string MapSubject(string baseSubject, string tenantId) => $"{baseSubject}.{tenantId}";

        public string ExtractTenantId(string subject) => subject.Split('.')[^1];

        public string GetSubscriptionPattern(string baseSubject) => $"{baseSubject}.*";
    }
}
