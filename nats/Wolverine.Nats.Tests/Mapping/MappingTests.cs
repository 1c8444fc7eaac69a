using System.Globalization;
using NATS.Client.Core;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Receiving;

namespace Wolverine.Nats.Tests.Mapping;

public class MappingTests
{
    private static readonly DateTimeOffset Stored = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly ForeignMessageMapper Mapper = new ForeignMessageMapper()
        .Map<Ordered>("orders.{tenant}.new")
        .ValidTenant(tenant => tenant != "bad")
        .AcceptHeaders("Actor");

    [Fact]
    public void the_subject_alone_gives_type_and_tenant_whatever_the_headers_say()
    {
        var envelope = Read("orders.acme.new", new NatsHeaders
        {
            ["tenant-id"] = "evil",
            ["message-type"] = "Evil",
            ["reply-uri"] = "nats://subject/evil",
            ["deliver-by"] = "2000-01-01T00:00:00Z",
            ["Actor"] = "ada",
        });

        envelope.TenantId.ShouldBe("acme");
        envelope.MessageType!.ShouldEndWith(nameof(Ordered));
        envelope.ReplyUri.ShouldBeNull();
        envelope.DeliverBy.ShouldBeNull();
        envelope.Headers.ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, string?>("Actor", "ada"));
    }

    [Theory]
    [InlineData("orders.acme.old", "no message type is mapped")]
    [InlineData("orders.bad.new", "no valid tenant")]
    public void what_the_subject_does_not_tell_is_unreadable(string subject, string reason) =>
        Should.Throw<UnreadableMessageException>(() => Read(subject, null)).Message.ShouldContain(reason);

    [Fact]
    public void an_empty_body_is_unreadable() =>
        Should.Throw<UnreadableMessageException>(() => Mapper.MapIncoming(new NatsMessage("orders.acme.new", null), new Envelope { Data = [] }))
            .Message.ShouldContain("body is empty");

    [Fact]
    public void inbound_nats_headers_never_travel_on()
    {
        var envelope = new Envelope { Id = Guid.NewGuid() };
        envelope.Headers["Nats-Expected-Stream"] = "OTHER";
        envelope.Headers["nats-rollup"] = "all";
        envelope.Headers["kind"] = "x";

        var headers = OutgoingHeaders.Of(new NatsTransport().EndpointForSubject("orders"), envelope);

        headers.Keys.ShouldContain("kind");
        headers.Keys.ShouldAllBe(name => !name.StartsWith("nats-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Grüße\r\nX: y", "Gr%C3%BC%C3%9Fe%0D%0AX: y")]
    [InlineData("100%", "100%25")]
    public void header_values_are_printable_ascii_and_come_back_as_they_were(string value, string written)
    {
        HeaderValue.Encode(value).ShouldBe(written);
        HeaderValue.Decode(written).ShouldBe(value);
    }

    [Theory]
    [InlineData("a.*")]
    [InlineData("a..b")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a.>")]
    [InlineData("a\n")]
    public void nothing_is_published_to_a_subject_that_is_none(string subject) =>
        Should.Throw<InvalidSubjectException>(() => NatsSubject.Publishable(subject));

    [Fact]
    public void nothing_is_published_to_a_subject_that_a_server_would_cut_the_connection_for()
    {
        NatsSubject.Publishable(new string('a', 1000)).Length.ShouldBe(1000);
        var refused = Should.Throw<InvalidSubjectException>(() => NatsSubject.Publishable(new string('a', 1001)));
        refused.Subject.Length.ShouldBe(1001);
        refused.Message.ShouldContain("it has 1001 characters, and at most 1000 can be published to");
        refused.Message.Length.ShouldBeLessThan(250);
    }

    [Theory]
    [InlineData("a.*.b")]
    [InlineData("a.>")]
    public void a_filter_may_have_whole_wildcards(string subject)
    {
        NatsSubject.Filter(subject).ShouldBe(subject);
        NatsEndpointUri.SubjectOf(NatsEndpointUri.Subject(subject)).ShouldBe(subject);
    }

    [Theory]
    [InlineData("a.b*")]
    [InlineData("a.>.b")]
    public void a_filter_may_not_have_half_a_wildcard(string subject) =>
        Should.Throw<InvalidSubjectException>(() => NatsSubject.Filter(subject));

    [Fact]
    public void a_delivery_has_the_same_identity_every_time()
    {
        var id = Guid.NewGuid();

        DeliveryIdentity.Of(id.ToString(), "S", 1, Stored).ShouldBe(id);
        DeliveryIdentity.Of("order-7", "S", 1, Stored).ShouldBe(DeliveryIdentity.Of("order-7", "S", 2, Stored));
        DeliveryIdentity.Of(null, "S", 1, Stored).ShouldBe(DeliveryIdentity.Of(null, "S", 1, Stored));
        DeliveryIdentity.Of(null, "S", 1, Stored).ShouldNotBe(DeliveryIdentity.Of(null, "S", 2, Stored));
        DeliveryIdentity.Of(null, "S", 1, Stored).ShouldNotBe(DeliveryIdentity.Of(null, "S", 1, Stored.AddMilliseconds(1)), "the stream was made again");
        DeliveryIdentity.Of("order-\uFFFD", "S", 1, Stored).ShouldNotBe(DeliveryIdentity.Of("order-\uFFFD", "S", 2, Stored), "nobody can read it");
        DeliveryIdentity.Of("order-7").Version.ShouldBe(8);
    }

    [Theory]
    [InlineData("order-7", "order-7")]
    [InlineData("a%20b", "a%2520b")]
    [InlineData("100%", "100%25")]
    public void a_dead_letter_tells_the_identity_that_its_message_had(string messageId, string kept)
    {
        var headers = new NatsHeaders { ["Dlq-Stream"] = "S", ["Dlq-Sequence"] = "7" };

        DeliveryIdentity.OfDeadLetter(new NatsMessage("dlq.s", headers)).ShouldBe(DeliveryIdentity.Of("S:7"), "as earlier versions had it");
        headers["Dlq-Stored"] = Stored.ToString("O", CultureInfo.InvariantCulture);
        DeliveryIdentity.OfDeadLetter(new NatsMessage("dlq.s", headers)).ShouldBe(DeliveryIdentity.Of(null, "S", 7, Stored));
        headers["Dlq-Msg-Id"] = kept;
        DeliveryIdentity.OfDeadLetter(new NatsMessage("dlq.s", headers)).ShouldBe(DeliveryIdentity.Of(messageId));
    }

    private static Envelope Read(string subject, NatsHeaders? headers)
    {
        var envelope = new Envelope { Data = "{}"u8.ToArray() };
        Mapper.MapIncoming(new NatsMessage(subject, headers), envelope);
        return envelope;
    }

    public sealed record Ordered;
}
