using NATS.Client.Core;
using Wolverine.Nats.Mapping;
using Wolverine.Util;

namespace Wolverine.Nats.Tests.Mapping;

public sealed class CloudEventsTests
{
    private static readonly CloudEventsMapper Mapper = new CloudEventsMapper("/shop").Map<Ordered>("order.placed");

    [Fact]
    public void an_event_has_the_attributes_of_cloud_events_and_is_read_back()
    {
        var sent = new Envelope { Id = Guid.NewGuid(), MessageType = typeof(Ordered).ToMessageTypeName(), TenantId = "acme", ParentId = "00-a-b-01" };
        sent.Headers[CloudEventsMapper.SubjectHeader] = "order 7";
        var headers = new NatsHeaders();

        Mapper.MapOutgoing(sent, headers);
        var received = Read(headers);

        headers.ToDictionary(x => x.Key, x => x.Value.ToString()).ShouldContainKeyAndValue("ce-specversion", "1.0");
        headers["ce-source"].ToString().ShouldBe("/shop");
        headers["ce-type"].ToString().ShouldBe("order.placed");
        DateTimeOffset.Parse(headers["ce-time"].ToString(), null).ShouldBe(sent.SentAt);
        (received.Id, received.MessageType, received.TenantId, received.ParentId)
            .ShouldBe((sent.Id, sent.MessageType, sent.TenantId, sent.ParentId));
        received.Headers[CloudEventsMapper.SubjectHeader].ShouldBe("order 7");
    }

    [Fact]
    public void the_identity_is_source_and_id_together()
    {
        var first = Read(Event()).Id;

        Read(Event()).Id.ShouldBe(first);
        Read(Event(("ce-source", "/other"))).Id.ShouldNotBe(first);
    }

    [Theory]
    [InlineData("ce-specversion", "", "no 'ce-specversion'")]
    [InlineData("ce-specversion", "2.0", "2.0 is not known")]
    [InlineData("ce-id", "", "no 'ce-id'")]
    [InlineData("ce-source", "", "no 'ce-source'")]
    [InlineData("ce-type", "order.lost", "mapped to the CloudEvents type 'order.lost'")]
    [InlineData("Content-Type", "text/xml; charset=utf-8", "'text/xml', not JSON")]
    public void what_is_no_known_event_is_unreadable(string header, string value, string reason) =>
        Should.Throw<UnreadableMessageException>(() => Read(Event((header, value)))).Message.ShouldContain(reason);

    [Theory]
    [InlineData("application/cloudevents+json")]
    [InlineData("application/json; charset=utf-8")]
    public void any_json_is_read(string contentType) =>
        Read(Event(("Content-Type", contentType))).ContentType.ShouldBe("application/json");

    [Fact]
    public void a_message_that_was_not_mapped_is_not_written() =>
        Should.Throw<InvalidOperationException>(() => Mapper.MapOutgoing(new Envelope { MessageType = "Other" }, []))
            .Message.ShouldContain("No CloudEvents type is mapped to 'Other'");

    private static NatsHeaders Event(params (string Name, string Value)[] changes)
    {
        var headers = new NatsHeaders
        {
            ["ce-specversion"] = "1.0",
            ["ce-id"] = "7",
            ["ce-source"] = "/shop",
            ["ce-type"] = "order.placed",
        };
        foreach (var (name, value) in changes)
        {
            headers[name] = value;
        }

        return headers;
    }

    private static Envelope Read(NatsHeaders headers)
    {
        var envelope = new Envelope { Data = "{}"u8.ToArray() };
        Mapper.MapIncoming(new NatsMessage("orders", headers), envelope);
        return envelope;
    }

    public sealed record Ordered;
}
