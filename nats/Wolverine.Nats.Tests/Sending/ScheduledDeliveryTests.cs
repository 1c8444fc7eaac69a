using NATS.Client.Core;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Tests.Sending;

public sealed class ScheduledDeliveryTests
{
    [Fact]
    public void a_schedule_names_time_and_target_and_has_a_subject_of_its_own()
    {
        var headers = new NatsHeaders();
        var id = Guid.NewGuid();

        var subject = ScheduledDelivery.Schedule(
            "orders.placed", ".scheduled", id, new DateTimeOffset(2026, 1, 2, 5, 4, 5, 600, TimeSpan.FromHours(2)), headers);

        subject.ShouldBe($"orders.placed.scheduled.{id:N}");
        headers["Nats-Schedule"].ToString().ShouldBe("@at 2026-01-02T03:04:05.6000000Z");
        headers["Nats-Schedule-Target"].ToString().ShouldBe("orders.placed");
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void the_server_is_asked_only_when_it_and_the_stream_can(bool server, bool stream, bool supported)
    {
        var transport = new NatsTransport();
        var orders = new Configuration.StreamConfiguration { Name = "ORDERS", AllowMsgSchedules = stream }.WithSubjects("orders.>");
        transport.Configuration.Streams["ORDERS"] = orders;

        ScheduledDelivery.IsSupported(transport.EndpointForSubject("orders.placed"), server).ShouldBe(supported);
    }

    [Fact]
    public void core_nats_has_no_schedules() =>
        ScheduledDelivery.IsSupported(new NatsTransport().EndpointForSubject("orders.placed"), serverSupportsSchedules: true).ShouldBeFalse();
}
