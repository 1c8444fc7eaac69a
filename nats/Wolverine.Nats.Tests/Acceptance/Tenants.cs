using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Util;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Tenants
{
    [Theory]
    [InlineData("tenants.acme.orders", "acme")]
    [InlineData("tenants.globex.orders", "globex")]
    public async Task the_tenant_of_the_subject_wins_over_the_header(string subject, string tenant)
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.UseTenantSubjectMapper(new DefaultTenantSubjectMapper("tenants")).AddTenant("acme").AddTenant("globex");
                options.ListenToNatsSubject("orders").UseJetStream("ORDERS", "workers");
            },
            typeof(OrderHandler));
        var order = Order.New();

        await PublishAsync(server, subject, order, claimed: "initech");

        (await Received.WaitAsync(order.Id))[0].TenantId.ShouldBe(tenant);
        await host.StopAsync();
    }

    [Fact]
    public async Task a_message_goes_to_the_subject_of_its_tenant_and_comes_back_as_its_own()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.UseTenantSubjectMapper(new DefaultTenantSubjectMapper("tenants")).AddTenant("acme");
                options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
                options.ListenToNatsSubject("orders").UseJetStream("ORDERS", "workers");
            },
            typeof(OrderHandler));
        var (tenanted, plain) = (Order.New(), Order.New());

        await host.Bus().PublishAsync(tenanted, new DeliveryOptions { TenantId = "acme" });
        await host.Bus().PublishAsync(plain);

        (await Received.WaitAsync(tenanted.Id))[0].TenantId.ShouldBe("acme");
        (await Received.WaitAsync(plain.Id))[0].TenantId.ShouldNotBe("acme");
        await host.StopAsync();
    }

    private static async Task PublishAsync(NatsServer server, string subject, Order order, string claimed)
    {
        var headers = new NatsHeaders
        {
            ["message-type"] = typeof(Order).ToMessageTypeName(),
            ["content-type"] = "application/json",
            ["tenant-id"] = claimed,
        };
        await using var connection = server.Connect();
        var ack = await new NatsJSContext(connection).PublishAsync(
            subject, Encoding.UTF8.GetBytes($$"""{"Id":"{{order.Id}}"}"""), headers: headers);
        ack.EnsureSuccess();
    }
}
