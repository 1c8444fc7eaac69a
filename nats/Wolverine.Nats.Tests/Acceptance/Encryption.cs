using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Encryption : IDisposable
{
    private readonly CertificateAuthority _authority = new();
    private readonly CertificateAuthority _stranger = new();

    [Fact]
    public async Task messages_travel_over_tls_when_the_authority_is_trusted()
    {
        await using var server = await NatsServer.StartAsync(Tls());

        await WorksAsync(server, settings => Trust(settings, _authority));
    }

    [Fact]
    public async Task a_certificate_of_an_untrusted_authority_is_refused()
    {
        await using var server = await NatsServer.StartAsync(Tls());

        (await Unreachable.ConnectingAsync(server.Url, settings => Trust(settings, _stranger))).ShouldContain("certificate");
        (await Unreachable.ConnectingAsync(server.Url, _ => { })).ShouldContain("certificate");
    }

    [Fact]
    public async Task a_server_without_tls_is_refused_when_tls_is_asked_for()
    {
        await using var server = await NatsServer.StartAsync();

        (await Unreachable.ConnectingAsync(server.Url, settings => Trust(settings, _authority))).ShouldContain("TLS");
    }

    [Fact]
    public async Task a_client_shows_its_certificate_where_the_server_wants_one()
    {
        await using var server = await NatsServer.StartAsync(Tls("verify: true"));

        await WorksAsync(server, settings => Show(settings, _authority));
        (await Unreachable.ConnectingAsync(server.Url, settings => Show(settings, _stranger))).ShouldContain("certificate");
        (await Unreachable.ConnectingAsync(server.Url, settings => Trust(settings, _authority))).ShouldContain("certificate");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    private string Tls(string more = "")
    {
        var (certificate, key) = _authority.Issue("server");
        return $$"""
            tls { cert_file: "{{certificate}}", key_file: "{{key}}", ca_file: "{{_authority.CaFile}}", timeout: 5, {{more}} }
            """;
    }

    private static async Task WorksAsync(NatsServer server, Action<NatsTransportConfiguration> connect)
    {
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                connect(options.NatsTransport().Configuration);
                nats.DefineWorkQueueStream("ORDERS", "orders");
                options.PublishMessage<Order>().ToNatsSubject("orders").SendInline();
                options.ListenToNatsSubject("orders").UseJetStream("ORDERS", "workers");
            },
            typeof(OrderHandler));
        var order = Order.New();

        await host.Bus().PublishAsync(order);

        (await Received.WaitAsync(order.Id)).ShouldHaveSingleItem();
        await host.StopAsync();
    }

    private static void Trust(NatsTransportConfiguration settings, CertificateAuthority authority) =>
        (settings.EnableTls, settings.CaFile) = (true, authority.CaFile);

    private void Show(NatsTransportConfiguration settings, CertificateAuthority issuer)
    {
        Trust(settings, _authority);
        (settings.ClientCertFile, settings.ClientKeyFile) = issuer.Issue("client");
    }
}
