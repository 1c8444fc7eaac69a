using System.Text.Json;
using JasperFx.Descriptors;
using Microsoft.Extensions.Hosting;
using NatsServers;
using Wolverine.Configuration;
using Wolverine.Configuration.Capabilities;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Transports;

namespace Wolverine.Nats.Tests.Scenarios;

/// <summary>What monitoring tools are told of brokers and endpoints.</summary>
public sealed class Descriptions
{
    private const string Secret = "s3cret";

    [Theory]
    [InlineData("nats://app:s3cret@one:4222", "one:4222")]
    [InlineData("nats://s3cret@one", "one:4222")]
    [InlineData("nats://one:4333, tls://app:s3cret@two:4444", "one:4333,two:4444")]
    [InlineData("one:4333", "one:4333")]
    [InlineData("127.0.0.1:4333", "127.0.0.1:4333")]
    [InlineData("app:s3cret@one:4333", "one:4333")]
    [InlineData("one", "one:4222")]
    [InlineData("[::1]:4333", "[::1]:4333")]
    public void a_broker_is_described_by_its_servers_alone(string address, string described)
    {
        var transport = new WolverineOptions().NatsTransport();
        transport.Configuration.ConnectionString = address;

        transport.DescribeEndpoint().ShouldBe(described);
        transport.ResourceUri.ShouldBe(new Uri($"nats://{described.Split(',')[0]}"));
    }

    [Fact]
    public void no_description_tells_a_credential()
    {
        var options = new WolverineOptions();
        options.UseNats($"nats://app:{Secret}@one:4222").WithCredentials("app", Secret).WithToken(Secret).AddTenant("acme", own => own.Password = Secret);
        var transport = options.NatsTransport();
        transport.Configuration.Jwt = transport.Configuration.NKeySeed = Secret;
        options.ListenToNatsSubject("orders").UseJetStream();
        options.PublishMessage<Order>().ToNatsSubject("orders").AddOutgoingHeader("authorization", Secret);
        options.AddNamedNatsBroker(new BrokerName("second"), $"nats://app:{Secret}@two:4222");
        OptionsDescription[] descriptions =
        [
            .. options.Transports.OfType<NatsTransport>().Select(broker => new BrokerDescription(broker)),
            .. options.Transports.OfType<NatsTransport>().Select(broker => new OptionsDescription(broker.Configuration)),
            .. transport.Endpoints().Select(endpoint => new EndpointDescriptor(endpoint)),
        ];

        descriptions.Length.ShouldBe(5);
        JsonSerializer.Serialize<object>(descriptions).ShouldNotContain(Secret);
    }

    [Fact]
    public async Task endpoints_tell_what_they_are_and_that_they_are_connected()
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await QuietHost.StartAsync(
            server.Url,
            (options, nats) =>
            {
                nats.DefineStream("ORDERS", stream => stream.WithSubjects("orders"));
                options.PublishMessage<Order>().ToNatsSubject("orders");
                options.ListenToNatsSubject("mail").Named("mailbox");
                options.ListenToNatsSubject("work").UseJetStream().UseInterop(new ForeignMessageMapper());
            });
        var described = host.Nats().Endpoints().Select(endpoint => new EndpointDescriptor(endpoint)).ToDictionary(endpoint => endpoint.EndpointName!);

        (described["orders"].BrokerRole, described["mailbox"].BrokerRole, described["work"].BrokerRole).ShouldBe(("stream", "subject", "stream"));
        (described["orders"].InteropMode, described["work"].InteropMode).ShouldBe((null, "Custom"));
        (described["mailbox"].DeadLetterStorage, described["work"].DeadLetterStorage)
            .ShouldBe((DeadLetterStorageMode.Durable, DeadLetterStorageMode.Native));
        await Eventually.Async(
            () => ListenersOf(host).All(listener => listener.ConnectionState == TransportConnectionState.Connected),
            TimeSpan.FromSeconds(10),
            "all listeners are connected");
    }

    private static IEnumerable<EndpointHealthSnapshot> ListenersOf(IHost host) => host.Runtime().Endpoints.CollectEndpointHealth()
        .Where(endpoint => endpoint.Uri.Scheme == NatsTransport.ProtocolName && endpoint.Direction == EndpointDirection.Listening);
}
