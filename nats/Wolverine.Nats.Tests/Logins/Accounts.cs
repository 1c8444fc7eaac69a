using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Nats.Tests.Scenarios;

namespace Wolverine.Nats.Tests.Logins;

/// <summary>One server with two accounts, which hear nothing of each other.</summary>
public sealed class Accounts : IAsyncLifetime
{
    private const string Configuration = """
        accounts {
          SHARED { jetstream: enabled, users: [ { user: shared, password: one } ] }
          ACME { jetstream: enabled, users: [ { user: acme, password: two } ] }
        }
        """;

    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync(Configuration);

    [Fact]
    public async Task a_tenant_with_credentials_of_its_own_lives_in_its_own_account()
    {
        using var host = await QuietHost.StartAsync(
            _server.Url,
            (options, nats) =>
            {
                nats.WithCredentials("shared", "one").UseTenantSubjectMapper(new DefaultTenantSubjectMapper("tenants"))
                    .AddTenant("acme", own => (own.Username, own.Password) = ("acme", "two"));
                options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
                options.ListenToNatsSubject("orders").UseJetStream("ORDERS", "workers");
            },
            typeof(OrderHandler));
        await using var ofAcme = await Wire.TapAsync(_server, "tenants.acme.orders", new() { Username = "acme", Password = "two" });
        await using var ofShared = await Wire.TapAsync(_server, "tenants.*.orders", new() { Username = "shared", Password = "one" });
        var order = Order.New();

        await host.Bus().PublishAsync(order, new DeliveryOptions { TenantId = "acme" });

        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem().TenantId.ShouldBe("acme");
        await ofAcme.OneAsync();
        ofShared.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_tenant_that_may_not_log_in_stops_the_start()
    {
        var refused = await Should.ThrowAsync<Exception>(() => QuietHost.StartAsync(_server.Url, (options, nats) =>
        {
            options.BrokerInitializationTimeout = TimeSpan.Zero;
            nats.WithCredentials("shared", "one").AddTenant("acme", own => own.Password = "guess");
        }));

        refused.ToString().ShouldContain("Authorization Violation");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
