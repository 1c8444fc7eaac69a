using Microsoft.Extensions.Hosting;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Postgresql;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class TenantsByConnection : IAsyncLifetime
{
    private NatsServer _shared = null!;
    private NatsServer _own = null!;

    public async ValueTask InitializeAsync()
    {
        _shared = await NatsServer.StartAsync();
        _own = await NatsServer.StartAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_tenant_with_a_server_of_its_own_is_sent_to_and_listened_to_there(bool jetStream)
    {
        using var host = await QuietHost.StartAsync(
            _shared.Url,
            (options, nats) =>
            {
                nats.UseTenantSubjectMapper(new DefaultTenantSubjectMapper("tenants")).AddTenant("acme", settings => settings.ConnectionString = _own.Url);
                options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
                var listener = options.ListenToNatsSubject("orders");
                _ = jetStream ? listener.UseJetStream() : listener;
            },
            typeof(OrderHandler));
        await using var onShared = await Wire.TapAsync(_shared, "tenants.*.orders");
        await using var onOwn = await Wire.TapAsync(_own, "tenants.*.orders");
        var (ofAcme, ofNobody) = (Order.New(), Order.New());

        await host.Bus().PublishAsync(ofAcme, new DeliveryOptions { TenantId = "acme" });
        await host.Bus().PublishAsync(ofNobody);

        (await Received.WaitAsync(ofAcme.Id))[0].TenantId.ShouldBe("acme");
        (await Received.WaitAsync(ofNobody.Id))[0].TenantId.ShouldBeNull();
        (await onOwn.OneAsync()).Subject.ShouldBe("tenants.acme.orders");
        onShared.Heard.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("native")]
    [InlineData("buffered")]
    [InlineData("durable")]
    public async Task what_a_tenant_sent_and_nobody_can_handle_stays_on_its_server(string mode)
    {
        await using var database = mode == "durable" ? await PostgreSqlServer.StartAsync() : null;
        using var host = await StartAsync(mode, database);

        await host.Bus().PublishAsync(Fragile.New(failures: 10), new DeliveryOptions { TenantId = "acme" });

        var dead = await Eventually.Async(() => _own.ReadAsync("DEAD"), found => found.Count > 0, TimeSpan.FromSeconds(10), "it is dead-lettered there");
        dead.ShouldHaveSingleItem().Subject.ShouldBe("dead.tenants.acme.fragile");
        (await _shared.ReadAsync("DEAD")).ShouldBeEmpty();
        await host.StopAsync();
    }

    [Fact]
    public async Task what_was_recovered_from_the_inbox_is_dead_lettered_where_its_tenant_is()
    {
        using var host = await StartAsync("buffered", database: null);
        host.Nats().EndpointForSubject("fragile").TryBuildDeadLetterSender(host.Runtime(), out var letters).ShouldBeTrue();

        await letters!.SendAsync(new Envelope { TenantId = "acme", MessageType = "fragile", Data = "{}"u8.ToArray(), Failure = new TimeoutException("too late") });

        (await _own.ReadAsync("DEAD")).ShouldHaveSingleItem().Subject.ShouldBe("dead.tenants.acme.fragile");
        (await _shared.ReadAsync("DEAD")).ShouldBeEmpty();
        await host.StopAsync();
    }

    [Fact]
    public async Task declared_streams_are_made_on_every_server()
    {
        using var host = await QuietHost.StartAsync(_shared.Url, (_, nats) => nats
            .DefineStream("ORDERS", stream => stream.WithSubjects("orders.>"))
            .AddTenant("acme", settings => settings.ConnectionString = _own.Url));

        (await _shared.ReadAsync("ORDERS")).ShouldBeEmpty();
        (await _own.ReadAsync("ORDERS")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_tenants_settings_begin_as_a_copy_and_do_not_leak_into_others()
    {
        using var host = await QuietHost.StartAsync(_shared.Url, (_, nats) => nats
            .UseJetStream(defaults => defaults.DuplicateWindow = TimeSpan.FromMinutes(5))
            .AddTenant("acme", settings =>
            {
                settings.RequestTimeout.ShouldBe(TimeSpan.FromSeconds(3));
                settings.JetStreamDefaults.DuplicateWindow = TimeSpan.FromMinutes(1);
                settings.ConnectionString = _own.Url;
            }));

        host.Nats().Configuration.JetStreamDefaults.DuplicateWindow.ShouldBe(TimeSpan.FromMinutes(5));
        host.Nats().Configuration.ConnectionString.ShouldBe(_shared.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        await _own.DisposeAsync();
    }

    private Task<IHost> StartAsync(string mode, PostgreSqlServer? database) => QuietHost.StartAsync(
        _shared.Url,
        (options, nats) =>
        {
            _ = database is null ? null : options.PersistMessagesWithPostgresql(database.ConnectionString, "letters");
            nats.DefineStream("DEAD", stream => stream.WithSubjects("dead.>")).UseTenantSubjectMapper(new DefaultTenantSubjectMapper("tenants"))
                .AddTenant("acme", settings => settings.ConnectionString = _own.Url);
            options.PublishMessage<Fragile>().ToNatsSubject("fragile").UseJetStream().SendInline();
            var listener = options.ListenToNatsSubject("fragile").UseJetStream("FRAGILE", "workers").DeadLetterTo((subject, _) => $"dead.{subject}");
            _ = mode switch { "buffered" => listener.BufferedInMemory(), "durable" => listener.UseDurableInbox(), _ => listener };
        },
        typeof(FragileHandler));
}
